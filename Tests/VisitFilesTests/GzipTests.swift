import Testing
import VisitFiles

private let first = Array("at\n1\n2\n".utf8)
private let second = Array("3\n".utf8)

@Test(arguments: [1, 2, 3, 1000]) func gzipIsRead(pieces: Int) throws {
  let whole = lines(try read(first + second).visits)
  #expect(lines(try read(gzip(first + second), pieces: pieces).visits) == whole)
  // Rotated logs are often put together as they are.
  #expect(lines(try read(gzip(first) + gzip(second), pieces: pieces).visits) == whole)
  #expect(lines(try read(gzip(first + second) + [0, 0, 0, 0], pieces: pieces).visits) == whole)
}

@Test func gzipThatIsCutOffIsRefused() throws {
  let whole = gzip(first) + gzip(second)
  let member = gzip(first).count
  for length in 2..<whole.count where length != member {
    let error = #expect(throws: UnreadableVisits.self) { try read(Array(whole[..<length])) }
    #expect(
      error?.description.contains("the gzip data end too early: the file was cut off") == true, "\(length)")
  }
}

@Test func damagedGzipIsRefused() throws {
  var damaged = gzip(first)
  damaged[damaged.count - 5] ^= 0xFF
  let error = #expect(throws: UnreadableVisits.self) { try read(damaged) }
  #expect(error?.description.hasPrefix("v.csv: the gzip data are damaged: ") == true)
  #expect(throws: UnreadableVisits.self) { try read(gzip(first) + Array("at\n".utf8)) }
  #expect(throws: UnreadableVisits.self) { try read(gzip(first) + [0, 0, 7]) }
}
