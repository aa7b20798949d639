import Acting
import Planning
import Reports
import Spaces
import Spelling

extension SpaceID {
  /// Which of these somebody probably meant who wrote this one; nil where none is near.
  func nearest(among known: some Sequence<SpaceID>) -> SpaceID? {
    // What two Spaces of one owner share makes them no nearer: their names must be near, too.
    let near = known.sorted().filter { Spelling.nearest(to: name, among: [$0.name]) != nil }
    let text = Spelling.nearest(to: description, among: near.map(\.description))
    return near.first { $0.description == text }
  }
}

extension [Situation] {
  /// That of a Space, by its present or a former name.
  func of(_ space: SpaceID, in fleet: Fleet) throws -> Situation {
    let ofThatName = first { $0.space == space } ?? first { fleet.names(of: $0.space).contains(space) }
    if let ofThatName { return ofThatName }
    let nearest = space.nearest(among: map(\.space))
    throw Ending(
      Ending.Status.usage, "no Space \(space) was seen" + (nearest.map { "; did you mean \($0)?" } ?? ""))
  }
}

extension [SpaceID] {
  /// More than these are told by their number and the first.
  static let few = 3

  /// All of a few; of many how many, and the first.
  var named: String {
    let first = prefix(Self.few).map(\.description).joined(separator: ", ")
    return count <= Self.few
      ? first : "\(NumberText.count(count, "Space")) (\(first) and \(count - Self.few) more)"
  }
}
