import Money
import Pricing
import Reports
import Testing

struct NumberTextTests {
  @Test(arguments: [
    ("0", "0.00", "0.00"), ("182.4", "182.40", "+182.40"), ("-23.1", "-23.10", "-23.10"),
    ("0.000000001", "<0.01", "+<0.01"), ("-0.004", "-<0.01", "-<0.01"),
    // Half to even.
    ("0.005", "<0.01", "+<0.01"), ("0.005000001", "0.01", "+0.01"), ("0.015", "0.02", "+0.02"),
    ("1.005", "1.00", "+1.00"), ("12345.678", "12345.68", "+12345.68"),
  ]) func money(amount: String, plain: String, change: String) throws {
    #expect(NumberText.money(try Money(amount)) == plain)
    #expect(NumberText.change(try Money(amount)) == change)
  }

  @Test(arguments: [("0.4", "0.40"), ("0.005", "0.005"), ("0", "0.00"), ("23.5", "23.50")])
  func pricesAsPublished(amount: String, text: String) throws {
    #expect(NumberText.price(try Money(amount)) == text)
  }

  @Test(arguments: [
    ("0", "5", "0 %"), ("1", "3", "33 %"), ("-1", "3", "-33 %"), ("1", "8", "12 %"), ("5", "5", "100 %"),
    // One digit below ten.
    ("0.042", "1", "4.2 %"), ("0.0994", "1", "9.9 %"), ("0.0996", "1", "10 %"), ("1", "100000", "<0.1 %"),
    ("-1", "100000", "-<0.1 %"), ("23", "1", "2300 %"), ("1", "0", "n/a"),
  ]) func percent(part: String, whole: String, text: String) throws {
    #expect(NumberText.percent(try Money(part), of: try Money(whole)) == text)
  }

  @Test(arguments: [
    (0, 7, "0 %"), (1, 100_000, "<0.1 %"), (1, 1000, "0.1 %"), (1, 8, "12.5 %"), (2, 3, "66.7 %"),
    (999, 1000, "99.9 %"), (99_999, 100_000, ">99.9 %"), (7, 7, "100 %"),
  ])
  func aShareIsNothingOrAllOnlyWhereItIs(part: Int64, whole: Int64, text: String) {
    #expect(NumberText.share(part, of: whole) == text)
  }

  @Test(arguments: [
    (0, "0.0"), (60, "<0.1"), (3600, "1.0"), (5400, "1.5"), (540, "0.2"), (2_678_400, "744.0"),
  ])
  func hours(seconds: Int, text: String) {
    #expect(NumberText.hours(BilledTime(seconds: Int128(seconds))) == text)
  }

  @Test(arguments: [
    (0, "0 s"), (59, "59 s"), (60, "1 min"), (119, "1 min 59 s"), (3599, "59 min 59 s"), (3600, "1 h"),
    (9000, "2 h 30 min"),
    (86_400, "1 day"), (273_599, "3 days 3 h"),
  ]) func duration(seconds: Int64, text: String) {
    #expect(NumberText.duration(seconds) == text)
  }

  @Test func count() {
    #expect(NumberText.count(1, "pause") == "1 pause")
    #expect(NumberText.count(0, "pause") == "0 pauses")
  }
}
