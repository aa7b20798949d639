import Hub
import Pricing
import Spaces

/// The rules that `init` writes: they look at the account's Spaces and change none of them.
struct StarterRules {
  struct Owner {
    let name: String
    let kind: String
    let spaces: [ListedSpace]
  }

  let owners: [Owner]

  var text: String {
    """
    # The rules of your Spaces. So far they change nothing: `spaceplan run` only looks and records.
    # `spaceplan check` finds mistakes, `spaceplan run --dry-run` shows what would be done.
    version: 1

    # The clock of all rules below; an IANA name, such as Europe/Paris.
    zone: UTC

    # Whose Spaces are looked at, also where no policy is for them.
    \(accounts)

    # A policy is rules for some Spaces. Take one of these, without the #, and give it your Space's name.
    policies:
    #  - name: office-hours
    #    spaces: [\(example)]
    #    default: { hardware: cpu-basic }              # holds before the first rule
    #    rules:
    #      - { name: morning, cron: "0 8 * * MON-FRI", set: { hardware: t4-small, sleep: 30m } }
    #      - { name: evening, cron: "0 19 * * MON-FRI", set: { hardware: cpu-basic } }
    #
    #  - name: forgotten-demos                          # nobody there for two hours: to the free hardware
    #    spaces: ["\(exampleOwner)/*"]
    #    idle: { after: 2h, set: { hardware: cpu-basic } }
    #
    #  - name: hands-off
    #    spaces: [\(exampleOwner)/production]
    #    protect: true                                  # never touched
    \(found)
    """
  }

  private var accounts: String {
    let found = owners.filter { !$0.spaces.isEmpty }
    guard !found.isEmpty else { return "# accounts:\n#   - { name: \(exampleOwner), kind: organization }" }
    return "accounts:\n" + found.map { "  - { name: \($0.name), kind: \($0.kind) }" }.joined(separator: "\n")
  }

  private var example: String { paid.first?.id.description ?? "acme/chat" }
  private var exampleOwner: String { paid.first?.id.owner ?? owners.first?.name ?? "acme" }

  /// Those on paid hardware, the running ones first.
  private var paid: [ListedSpace] {
    let paid = owners.flatMap(\.spaces).filter {
      $0.hardware != nil && $0.hardware != .cpuBasic && $0.hardware != .zeroA10G
    }
    func runs(_ space: ListedSpace) -> Bool { space.runtime?.stage.isRunning == true }
    return paid.filter(runs) + paid.filter { !runs($0) }
  }

  private var found: String {
    guard !owners.isEmpty else { return "" }
    let lines = owners.flatMap(\.spaces).compactMap { space in
      space.runtime.map { "#   \(space.id): \(SpaceState($0).summary)" }
    }
    return lines.isEmpty
      ? "" : "\n# Your Spaces when this file was written:\n" + lines.joined(separator: "\n") + "\n"
  }
}

extension ListedSpace {
  fileprivate var hardware: SpaceHardware? { runtime.flatMap { SpaceState($0).requestedElseCurrentHardware } }
}
