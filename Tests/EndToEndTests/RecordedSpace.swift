import Testing
import Timelines

/// Four weeks of a Space on a T4, looked at every quarter of an hour: up from 8 to 18 o'clock on workdays.
func observations() throws -> String {
  var text = "observed_at,space,stage,hardware,requested_hardware,sleep_time,replicas\n"
  let start = try Instant("2026-10-05T00:00:00Z")
  for look in 0..<(28 * 96) {
    let (day, hour) = (look / 96 % 7, Double(look % 96) / 4)
    let isUp = day < 5 && (8..<18).contains(hour)
    text += "\(start + Int64(look) * 900),acme/chat,"
    text += isUp ? "RUNNING,t4-small,t4-small,3600,1\n" : "SLEEPING,,t4-small,3600,1\n"
  }
  return text
}

func recorded() throws -> Workplace {
  let workplace = try Workplace()
  try workplace.write(observations(), to: "looks.csv")
  #expect(try workplace.spaceplan("import", "history", "--observations", "looks.csv").status == 0)
  workplace.now = try Instant("2026-11-02T00:00:00Z")
  return workplace
}
