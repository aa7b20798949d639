/// An event as it stands in the file, before others of the same file replace or cancel it.
struct EventDraft {
  /// Nil where it is cancelled, or takes no time.
  let event: CalendarEvent?
  let uid: String?
  /// Which occurrence of the events of the same UID this one replaces.
  let replaces: CalendarTime?
  let sequence: Int

  /// The events that take place: of several versions the newest, without what is cancelled or replaced.
  static func settled(_ drafts: [EventDraft]) -> [CalendarEvent] {
    struct Identity: Hashable {
      let uid: String
      let replaces: CalendarTime?
    }
    var newest: [Identity: Int] = [:]
    for draft in drafts {
      guard let uid = draft.uid else { continue }
      newest[Identity(uid: uid, replaces: draft.replaces), default: 0].raise(to: draft.sequence)
    }
    let current = drafts.filter { draft in
      guard let uid = draft.uid else { return true }
      return draft.sequence >= newest[Identity(uid: uid, replaces: draft.replaces)] ?? 0
    }
    var replaced: [String: [CalendarTime]] = [:]
    for draft in current {
      if let uid = draft.uid, let replaces = draft.replaces { replaced[uid, default: []].append(replaces) }
    }
    return current.compactMap { draft in
      var event = draft.event
      if let uid = draft.uid, draft.replaces == nil { event?.excluded += replaced[uid] ?? [] }
      return event
    }
  }
}

extension Int {
  fileprivate mutating func raise(to other: Int) { self = Swift.max(self, other) }
}
