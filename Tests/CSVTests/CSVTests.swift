import CSV
import Testing

@Test func recordsAsInTheStandard() {
  let text = "\u{FEFF}a,b,c\r\n\"x,\"\"y\"\"\nz\",,\n\n1,2,3"
  let records = Array(CSVReader(text))
  #expect(records.map(\.fields) == [["a", "b", "c"], ["x,\"y\"\nz", "", ""], ["1", "2", "3"]])
  #expect(records.map(\.line) == [1, 2, 5])
}

@Test func aQuoteThatNeverClosesIsAFailure() {
  var reader = CSVReader("a,b\n1,\"2\n3,4\n")
  while reader.next() != nil {}
  #expect(reader.failure?.line == 2)
}

@Test(arguments: [["a", "b"], ["a,b", "c\"d", "e\nf", "\r", ""], ["", ""], ["ü", "=1"]])
func whatIsWrittenIsReadBack(fields: [String]) {
  #expect(CSVReader(CSVWriter.line(fields)).map(\.fields) == [fields])
}
