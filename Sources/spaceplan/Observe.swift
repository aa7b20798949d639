import Acting
import ArgumentParser
import Hub

struct Observe: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at all Spaces once and record what they are.",
    discussion: """
      One request for each owner. Looks no more than 15 minutes apart leave no gaps in the reports, so a line
      for cron is:  */5 * * * *  cd ~/spaces && spaceplan observe --quiet
      """)

  @OptionGroup var schedules: SchedulesOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var moment: MomentOption
  @OptionGroup var talk: TalkOptions

  func run() async throws {
    let rules = try schedules.read()
    let clock = try moment.clock()
    let records = try moment.given() == nil || hubConfiguration().endpoint.isLoopback
    let history = try database.open(.createIfMissing)
    let fleet = try await withHub(talk) { hub in
      try await Terminal.withProgress("looking at the Hub", quiet: talk.isQuiet) {
        try await Observer(hub: hub, history: history, clock: clock)
          .observe(owners: rules.owners, names: rules.exactNames, records: records)
      }
    }
    for note in fleet.notes { Terminal.tell(note) }
    if !records { talk.tell("nothing was recorded, as --now was given and the Hub is not on this machine") }
    talk.tell("\(fleet.seen.count) Spaces of \(fleet.listed.count) owners seen")
    try fleet.stopIfNothingWasSeen()
  }
}

extension Fleet {
  /// Ends the program where not one owner could be listed: nothing can be said or done then.
  func stopIfNothingWasSeen() throws {
    guard listed.isEmpty, let error = failures.first else { return }
    throw Ending(Ending.status(of: error), "\(error). \(error.advice)")
  }
}
