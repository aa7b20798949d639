import ArgumentParser
import Foundation
import Hub
import Pricing
import Schedules
import Spaces

struct Init: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write starter files: schedules/ and pricing/.",
    discussion: """
      For example:  mkdir spaces && cd spaces && spaceplan init

      With a token it looks at your account first, and names your Spaces in the
      comments. What it writes changes no Space until you edit it. It overwrites
      nothing.
      """)

  @OptionGroup var talk: QuietOption

  func run() async throws {
    let (rules, prices) = ("schedules/spaces.yaml", "pricing/\(PriceTable.builtInFileName)")
    let present = [rules, prices].filter { FileManager.default.fileExists(atPath: $0) }
    guard present.isEmpty else {
      throw Ending(
        Ending.Status.files,
        "\(present.joined(separator: " and ")) \(present.count == 1 ? "is" : "are") there already, and nothing is overwritten, so nothing was written; move \(present.count == 1 ? "it" : "them") away first, or go on with what is there"
      )
    }
    let owners = try await look()
    try makeFolder("schedules")
    try makeFolder("pricing")
    try writeFile(StarterRules(owners: owners).text, to: rules)
    try writeFile(PriceTable.builtInText, to: prices)
    talk.tell(
      """
      \(rules): your rules go here; so far it changes nothing
      \(prices): what hardware costs, and since when
      Next: edit the rules, then  spaceplan check  and  spaceplan run --dry-run
      """)
  }

  /// The account's Spaces by owner; empty without a token. What goes wrong is told, and is no reason to stop,
  /// unless it is the token.
  private func look() async throws -> [StarterRules.Owner] {
    guard try hubConfiguration().token != nil else {
      talk.tell(
        "no token was found (HF_TOKEN, or \(tokenFile)), so the files are written without a look at your account"
      )
      return []
    }
    return try await withHub(talk) { hub in
      do throws(HubError) {
        let account = try await hub.whoami()
        var owners: [StarterRules.Owner] = []
        for (name, kind) in [(account.name, "user")]
          + account.organizations.map({ ($0.name, "organization") })
        {
          do throws(HubError) {
            let spaces = try await hub.spaces(of: name).sorted { $0.id < $1.id }
            owners.append(StarterRules.Owner(name: name, kind: kind, spaces: spaces))
          } catch {
            Terminal.tell("the Spaces of \(name) could not be listed: \(error). \(error.advice)")
          }
        }
        return owners
      } catch {
        guard error.kind != .invalidToken else { throw error }
        Terminal.tell("your account could not be looked at: \(error). \(error.advice)")
        return []
      }
    }
  }
}
