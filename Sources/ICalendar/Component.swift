/// A part of a calendar between its BEGIN and its END.
struct Component: Sendable {
  let name: String
  let begin: UnfoldedLine
  var properties: [ContentLine] = []
  var components: [Component] = []
  /// Whether each of its lines is a property.
  var isReadable = true

  /// The first property of a name.
  subscript(name: String) -> ContentLine? { properties.first { $0.name == name } }
}

extension Component {
  /// The calendars of a file with their events and time zones. Other components (alarms, to-dos, what nobody
  /// knows) are passed over with all they hold. Stops where the nesting is broken, as what follows could
  /// belong anywhere.
  static func calendars(in lines: [UnfoldedLine], findings: inout Findings) -> [Component] {
    var calendars: [Component] = []
    var open: [Component] = []
    for line in lines {
      if findings.isFull { return calendars }
      if let name = line.component(after: "BEGIN:") {
        if let parent = open.last, !parent.mayHold(name) {
          findings.refuse(
            parent.begin,
            "this \(parent.name) has no END:\(parent.name) before line \(line.number) begins "
              + (name == parent.name ? "the next one" : "a \(name)"))
          return calendars
        }
        if open.isEmpty, name != "VCALENDAR" {
          findings.refuse(line, "a \(name) stands outside of a calendar", hint: "begin with BEGIN:VCALENDAR")
          return calendars
        }
        open.append(Component(name: name, begin: line))
      } else if let name = line.component(after: "END:") {
        guard let ended = open.popLast() else {
          findings.refuse(line, "nothing is open that END:\(name) could close")
          return calendars
        }
        guard ended.name == name else {
          findings.refuse(
            line, "END:\(name) where the \(ended.name) of line \(ended.begin.number) is still open",
            hint: "put END:\(ended.name) before it")
          return calendars
        }
        if open.isEmpty {
          calendars.append(ended)
        } else if open.count == 1, ended.isRead {
          open[0].components.append(ended)
        }
      } else if let last = open.last {
        guard last.isRead else { continue }
        do throws(InvalidValue) {
          open[open.count - 1].properties.append(try ContentLine(line))
        } catch {
          open[open.count - 1].isReadable = false
          findings.refuse(line, error)
        }
      } else {
        findings.refuse(line, "this stands outside of a calendar", hint: "a calendar ends with END:VCALENDAR")
        return calendars
      }
    }
    if let last = open.last {
      findings.refuse(
        last.begin, "this \(last.name) has no END:\(last.name): the file seems to be cut off at its end",
        hint: "download or export it again")
    }
    return calendars
  }

  private var isRead: Bool { name == "VCALENDAR" || name == "VEVENT" || name == "VTIMEZONE" }

  /// Whether it is no mistake if another component begins in this one.
  private func mayHold(_ name: String) -> Bool {
    name != "VCALENDAR" && (name != "VEVENT" || self.name != "VEVENT")
  }
}
