import Acting
import ArgumentParser
import History
import Hub
import Reports
import Spaces
import Timelines

struct Observe: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "observe",
    abstract: "Look at all Spaces once and record what they are.",
    discussion: """
      For example, from cron:
      */5 * * * *  cd ~/spaces && spaceplan observe --quiet

      One request for each owner. Looks no more than 15 minutes apart leave no
      gaps in the reports.

      --activity asks each running Space for its metrics and its log too, which
      is two requests a Space, and records when somebody was there.
      """)

  @Flag(help: "Record traffic at running Spaces too.")
  var activity = false

  @OptionGroup var schedules: SchedulesOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var moment: MomentOption
  @OptionGroup var talk: QuietOption

  func run() async throws {
    let rules = try schedules.read()
    let clock = try moment.clock()
    let records = try moment.isReal()
    let history = try database.open(.createIfMissing)
    let recordsActivity = activity && records
    let (fleet, seen) = try await withHub(talk) { hub in
      try await Terminal.withProgress("looking at the Hub", quiet: talk.isQuiet) {
        let observer = Observer(hub: hub, history: history, clock: clock)
        let fleet = try await observer.observe(
          owners: rules.owners, names: rules.exactNames, records: records)
        return (fleet, recordsActivity ? try await observer.recordActivity(of: fleet) : nil)
      }
    }
    try stop(at: fleet.blindness)
    for note in fleet.news + fleet.notes { Terminal.tell(note) }
    for note in fleet.unmatchedNotes(by: rules) { talk.tell(note) }
    tellLate(fleet.late, talk)
    if !records { talk.tell("nothing was recorded, as --now was given and the Hub is not on this machine") }
    talk.tell(
      "\(NumberText.count(fleet.seen.count, "Space")) of \(NumberText.count(fleet.listed.count, "owner")) seen"
    )
    if let seen {
      let unknown = seen.unknown.isEmpty ? "" : "; nothing can be known of \(seen.unknown.count)"
      talk.tell("traffic at \(seen.busy.count) of \(NumberText.count(seen.asked, "running Space"))\(unknown)")
    }
    try stop(atLaterLookThan: clock(), of: fleet.late, in: history)
    if !fleet.failures.isEmpty { throw Ending(Ending.Status.actionFailed) }
  }
}

/// Ends the program where not one owner could be listed: nothing can be said or done then.
func stop(at blindness: HubError?) throws {
  if let blindness { throw Ending(Ending.status(of: blindness), "\(blindness). \(blindness.advice)") }
}

/// Ends the program where a look is recorded that is later than now: until then no other would be.
///
/// - Parameter late: Spaces whose look was left out, as the last one recorded is no earlier.
func stop(atLaterLookThan now: Instant, of late: [SpaceID], in history: History) throws {
  // Another process may have been quicker by some minutes.
  guard let space = late.first, let last = try history.stretches(of: space).last?.last, last > now + 600
  else {
    return
  }
  throw Ending(
    Ending.Status.badInput,
    "the last look at \(space) in \(history.path) is of \(last), after now: a clock was ahead then, and nothing"
      + " new is recorded until that time. Go back to a copy from before it; or export everything, leave out what"
      + " is later than now, and import the rest into a new database")
}

/// Another process has looked at the same second or later, which is no trouble.
func tellLate(_ spaces: [SpaceID], _ talk: QuietOption) {
  guard let first = spaces.first else { return }
  let others = spaces.count > 1 ? " and \(NumberText.count(spaces.count - 1, "other"))" : ""
  talk.tell("the look at \(first)\(others) was not recorded, as the last one recorded is no earlier")
}
