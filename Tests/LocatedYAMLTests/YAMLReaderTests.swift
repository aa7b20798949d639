import LocatedYAML
import Testing

@Test func everyMistakeIsFoundWithItsPlace() {
  var reader = YAMLReader(file: "a.yaml", text: "name: x\nzoen: UTC\nflag: maybe\n")
  guard let root = reader.root,
    let members = reader.mapping(root, as: "a file", keys: ["name", "zone", "flag"])
  else {
    Issue.record("no root")
    return
  }
  if let flag = members["flag"] { #expect(reader.flag(flag, as: "flag") == nil) }
  #expect(
    reader.diagnostics.map(\.description) == [
      "a.yaml:2:1: error: a file has no key 'zoen'\n  zoen: UTC\n  ^\n  hint: did you mean 'zone'?",
      "a.yaml:3:7: error: flag is true or false, not 'maybe'\n  flag: maybe\n        ^",
    ])
}

@Test(arguments: [
  ("a: [1,\nb: 2\n", "a.yaml:3:1: error: this is not YAML"),
  ("a: 1\na: 2\n", "a.yaml:1:1: error: 'a' is given twice"),
  ("\tx: 1", "a.yaml:1:1: error: this is not YAML"),
])
func brokenFilesSayWhere(text: String, start: String) {
  let reader = YAMLReader(file: "a.yaml", text: text)
  #expect(reader.diagnostics.first?.description.hasPrefix(start) == true, "\(reader.diagnostics)")
}

@Test(arguments: [
  ("x:\n  - cron: * * * * *\n", "a.yaml:2:11: error: this is not YAML: text that starts with * needs quotes"),
  ("cron: @daily\n", "a.yaml:1:7: error: this is not YAML: text that starts with @ needs quotes"),
  ("@daily\n", "a.yaml:1:1: error: this is not YAML: text that starts with @ needs quotes"),
  ("a: 1\nb: x\u{1}y\n", "a.yaml:2:5: error: this is not readable text: control characters are not allowed"),
])
func whatKeepsAFileFromBeingYAMLIsTold(text: String, message: String) {
  let diagnostics = YAMLReader(file: "a.yaml", text: text).diagnostics
  #expect(diagnostics.map { String($0.description.prefix { !$0.isNewline }) } == [message])
}

/// The column of what is wrong inside a value's text, five characters from its start.
@Test(arguments: [
  ("a: 0 25 * * *\n", 9), ("a: '0 25 * * *'\n", 10), ("a: \"0 25 * * *\"\r\n", 10),
  ("a: \"0\\t25 * * *\"\n", 4), ("a: >\n  0 25 * * *\n", 4),
])
func placesInsideAValue(text: String, column: Int) throws {
  var reader = YAMLReader(file: "a.yaml", text: text)
  let members = reader.mapping(try #require(reader.root), as: "a file", keys: ["a"])
  reader.report("wrong", at: try #require(members?["a"]), offset: 5)
  #expect(reader.diagnostics.map(\.column) == [column])
  #expect(reader.diagnostics.first?.source?.hasSuffix("\r") == false)
}

@Test func keysOfALaterVersionAreToldAsSuch() throws {
  var reader = YAMLReader(file: "a.yaml", text: "name: x\nbudget: 3\n")
  let members = reader.mapping(
    try #require(reader.root), as: "a file", keys: ["name"], unsupported: ["budget"])
  #expect(members?.keys.sorted() == ["name"])
  #expect(
    reader.diagnostics.map(\.description) == [
      """
      a.yaml:2:1: error: 'budget' of a file is not supported by this version
        budget: 3
        ^
        hint: nothing would act on it: remove it or turn it into a comment
      """
    ])
}
