import LocatedYAML

extension FileReading {
  /// One of those who are told by a webhook.
  mutating func readReceiver(_ value: YAMLValue) {
    let what = "a receiver"
    guard
      let members = reader.mapping(
        value, as: what, keys: ["name", "url", "url_from", "secret_from", "format"]),
      let nameValue = required(members["name"], "name", in: what, at: value),
      let name = readName(nameValue, as: "a receiver's name")
    else { return }
    let format = given(members["format"]).flatMap {
      reader.word($0, as: "a format of a receiver", Receiver.Format.self, others: ["webhook": .json])
    }
    let secret = given(members["secret_from"]).flatMap { readVariable($0, as: "secret_from") }
    if let value = given(members["secret_from"]), format == .slack || format == .discord {
      reader.report(
        "what \(format == .slack ? "Slack" : "Discord") takes is not signed, so a secret would do nothing",
        at: value, hint: "remove it, or write format: json")
    }
    let url: Receiver.Source?
    switch (given(members["url"]), given(members["url_from"])) {
    case (let text?, nil): url = readAddress(text).map(Receiver.Source.text)
    case (nil, let variable?): url = readVariable(variable, as: "url_from").map(Receiver.Source.variable)
    case (nil, nil):
      reader.report(
        "a receiver needs 'url', or 'url_from' with the environment variable that has it", at: value)
      url = nil
    case (_?, let variable?):
      reader.report("a receiver has 'url' or 'url_from', not both", at: variable)
      url = nil
    }
    guard let url else { return }
    receivers.append(
      Receiver(
        name: name, url: url, secretVariable: secret, format: format ?? .json,
        place: reader.place(of: nameValue)))
  }

  private mutating func readAddress(_ value: YAMLValue) -> String? {
    guard let text = reader.text(value, as: "url") else { return nil }
    if let problem = Receiver.problem(ofURL: text) {
      reader.report(problem, at: value, hint: "such as https://example.com/hook")
      return nil
    }
    return text
  }

  private mutating func readVariable(_ value: YAMLValue, as key: String) -> String? {
    guard let text = reader.text(value, as: key) else { return nil }
    guard text.wholeMatch(of: #/[A-Za-z_][A-Za-z0-9_]*/#) != nil else {
      reader.report(
        "'\(key)' is the name of an environment variable, not the text itself", at: value,
        hint: "such as SPACEPLAN_WEBHOOK_SECRET")
      return nil
    }
    return text
  }
}

extension Schedules {
  /// Receivers that are there twice.
  func repeatedReceivers() -> [Diagnostic] {
    Self.repeated(receivers.map(\.name), receivers.map(\.place)) {
      "the receiver '\($0)' is already defined at \($1)"
    }
  }
}
