/// How one text became another, line by line, as `diff -u` shows it.
enum LineDifference {
  private enum Step {
    case same(String)
    case removed(String)
    case added(String)

    var isChange: Bool { if case .same = self { false } else { true } }

    var text: String {
      switch self {
      case .same(let line): " \(line)\n"
      case .removed(let line): "-\(line)\n"
      case .added(let line): "+\(line)\n"
      }
    }
  }

  /// How many lines around each change are shown.
  private static let context = 3

  /// - Parameters:
  ///   - before: empty for a file that is new.
  ///   - name: of the file.
  static func text(_ before: String, _ after: String, name: String) -> String {
    let steps = steps(lines(before), lines(after))
    var text = "--- \(before.isEmpty ? "/dev/null" : name)\n+++ \(name)\n"
    var index = 0
    // How many lines of the old and of the new text are passed.
    var (old, new) = (0, 0)
    func pass(_ range: Range<Int>) {
      for step in steps[range] {
        switch step {
        case .same: (old, new) = (old + 1, new + 1)
        case .removed: old += 1
        case .added: new += 1
        }
      }
    }
    while let change = steps[index...].firstIndex(where: \.isChange) {
      let start = max(index, change - context)
      var end = change
      // Changes with few lines between them are one.
      while let next = steps[end...].prefix(2 * context + 1).firstIndex(where: \.isChange) { end = next + 1 }
      end = min(steps.count, end + context)
      pass(index..<start)
      let (oldStart, newStart) = (old, new)
      pass(start..<end)
      text += "@@ -\(place(oldStart, old - oldStart)) +\(place(newStart, new - newStart)) @@\n"
      text += steps[start..<end].map(\.text).joined()
      index = end
    }
    return text
  }

  /// Of nothing the line before it is named.
  private static func place(_ passed: Int, _ count: Int) -> String {
    "\(count == 0 ? passed : passed + 1),\(count)"
  }

  private static func lines(_ text: String) -> [String] {
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  private static func steps(_ before: [String], _ after: [String]) -> [Step] {
    let difference = after.difference(from: before)
    var (removed, added): (Set<Int>, Set<Int>) = ([], [])
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var steps: [Step] = []
    var (old, new) = (0, 0)
    while old < before.count || new < after.count {
      if removed.contains(old) {
        steps.append(.removed(before[old]))
        old += 1
      } else if added.contains(new) {
        steps.append(.added(after[new]))
        new += 1
      } else {
        steps.append(.same(before[old]))
        (old, new) = (old + 1, new + 1)
      }
    }
    return steps
  }
}
