import Testing

/// What commands say in a folder that `init` has just made.
@Suite struct BeginningTests {
  @Test func whereNothingIsThereIsSaidWhatToDo() throws {
    let work = try Workplace(fleet: [])
    #expect(try work.spaceplan("init").status == 0)
    let status = try work.spaceplan("status")
    #expect(status.output == "2026-10-05T00:00:00Z\n\nNo Space was seen, so there is nothing to show.\n")
    #expect(
      status.errors.contains("the rules name no owner, so nobody's Spaces are looked at: add `accounts:`"))
    let run = try work.spaceplan("run", "--dry-run").output
    #expect(run.hasSuffix("\nNo Space was seen, so there is nothing to do.\n"), "\(run)")
    let next = try work.spaceplan("next").output
    #expect(
      next == "There are no rules yet, so nothing is going to change: write some into schedules/, as the "
        + "comments there show, and try `spaceplan check`.\n", "\(next)")
    #expect(try work.spaceplan("next", "--format", "json").output == "[]\n")
    for options in [[], ["--format", "csv"], ["--by", "owner"]] {
      let report = try work.shell("spaceplan report \(options.joined(separator: " "))")
      #expect(report.status == 0)
      #expect(
        report.errors.contains("no Space was ever looked at: `spaceplan observe` records a look\n"),
        "\(report.errors)")
    }
  }

  @Test func spacesWithoutAPolicyAreLeftUntilTheyGetOne() throws {
    let work = try Workplace(
      fleet: [["id": "acme/chat", "hardware": "t4-small"], ["id": "acme/shop", "hardware": "t4-small"]])
    #expect(try work.spaceplan("init").status == 0)
    #expect(try work.spaceplan("status").output.contains("acme/chat  RUNNING t4-small"))
    let run = try work.spaceplan("run").output
    #expect(
      run.hasSuffix("\nNo policy is for any of 2 Spaces, so nothing is changed; 0.80 USD an hour.\n"),
      "\(run)")
    #expect(try work.spaceplan("next").output.hasPrefix("There are no rules yet, "))
    // What was recorded now can be told from now on.
    #expect(!(try work.spaceplan("report").errors.contains("ever looked at")))
  }
}
