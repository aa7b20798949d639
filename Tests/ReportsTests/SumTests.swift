import CSV
import Money
import Pricing
import Reports
import Testing
import Timelines

/// Every table adds up, to the nano-dollar, to the lines that spreadsheets get.
struct SumTests {
  /// A line of the CSV, read back.
  private struct Line {
    let space, day, hardware: String
    let minutes: [String]
    let cost: Bounds<Money>
    let isPriced: Bool

    init(_ fields: [String]) throws {
      (space, day, hardware) = (fields[0], fields[1], fields[2])
      minutes = Array(fields[4...6])
      isPriced = !fields[8].isEmpty
      cost =
        isPriced
        ? Bounds(low: try Money(fields[7]), estimate: try Money(fields[8]), high: try Money(fields[9]))
        : .zero
    }
  }

  private func lines(of report: CostReport) throws -> [Line] {
    let records = Array(CSVReader(report.csv()))
    #expect(records.allSatisfy { $0.fields.count == 10 })
    return try records.dropFirst().map { try Line($0.fields) }
  }

  private func sum(_ lines: some Sequence<Line>) -> Bounds<Money> { lines.reduce(.zero) { $0 + $1.cost } }

  @Test(arguments: 1...UInt64(60)) func tablesAddUpToTheLines(seed: UInt64) throws {
    let report = try randomReport(seed: seed)
    let lines = try lines(of: report)

    #expect(sum(lines) == report.total)
    #expect(lines.contains { !$0.isPriced } == !report.unpricedMinutes.isEmpty)
    for space in report.spaces {
      #expect(sum(lines.filter { $0.space == space.space.description }) == space.total)
    }
    let days = report.days
    for day in days { #expect(sum(lines.filter { $0.day == day.day.description }) == day.cost) }
    #expect(days.reduce(.zero) { $0 + $1.cost } == report.total)
    for hardware in report.hardware {
      #expect(sum(lines.filter { $0.hardware == hardware.subject.name }).estimate == hardware.cost ?? .zero)
    }
    #expect(report.hardware.reduce(Money.zero) { $0 + ($1.cost ?? .zero) } == report.total.estimate)
  }

  @Test(arguments: 1...UInt64(60)) func boundsHoldTheEstimate(seed: UInt64) throws {
    let report = try randomReport(seed: seed)
    // Scenarios cut runs differently: each run may cost a started minute more.
    let slack = Money(nanoDollars: 2_000_000_000)
    for space in report.spaces {
      #expect(space.total.low <= space.total.estimate + slack)
      #expect(space.total.estimate <= space.total.high + slack)
    }
    #expect(report.watched.seconds >= 0 && report.watched.seconds <= report.watched.of)
    #expect(report.addedIfUnchanged >= .zero)
  }

  /// Where runs are cut differently the estimate has a started minute more than the bounds: people see bounds
  /// that hold it.
  @Test(arguments: 1...UInt64(60)) func whatIsShownIsInOrder(seed: UInt64) throws {
    var columns: (cost: Int, low: Int, high: Int)?
    for line in try randomReport(seed: seed).markdown().split(separator: "\n") {
      guard line.hasPrefix("|") else {
        columns = nil
        continue
      }
      let cells = line.split(separator: "|").map { cell in
        String(cell.filter { !" *".contains($0) })
      }
      if let columns {
        let shown = [columns.low, columns.cost, columns.high].map { try? Money(cells[$0]) }
        guard let low = shown[0], let cost = shown[1], let high = shown[2] else { continue }
        #expect(low <= cost && cost <= high, "\(line)")
      } else if let cost = cells.firstIndex(where: { $0.hasPrefix("cost,") }),
        let low = cells.firstIndex(of: "atleast"), let high = cells.firstIndex(of: "atmost")
      {
        columns = (cost, low, high)
      }
    }
  }

  @Test(arguments: 1...UInt64(60)) func changesAddUp(seed: UInt64) throws {
    let report = try randomReport(seed: seed)
    guard let before = report.comparisonTotal else {
      #expect(report.movers.isEmpty)
      return
    }
    #expect(
      report.movers.reduce(.zero) { $0 + $1.change } == report.total.estimate - before.estimate)
  }

  @Test(arguments: 1...UInt64(20)) func sameInputGivesTheSameBytes(seed: UInt64) throws {
    #expect(try randomReport(seed: seed).markdown() == randomReport(seed: seed).markdown())
  }

  /// Every line of a table has as many cells as its head, whatever is in them.
  @Test(arguments: 1...UInt64(60)) func tablesAreTables(seed: UInt64) throws {
    var width: Int?
    for line in try randomReport(seed: seed).markdown().split(
      separator: "\n", omittingEmptySubsequences: false)
    {
      guard line.hasPrefix("|") else {
        width = nil
        continue
      }
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).count
      #expect(width ?? cells == cells, "\(line)")
      width = cells
    }
  }
}
