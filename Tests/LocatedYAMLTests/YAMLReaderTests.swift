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
  ("\tx: 1", "a.yaml:1:1: error: indent with spaces, not tabs"),
  ("a:\n\tb: 1\n", "a.yaml:2:1: error: indent with spaces, not tabs"),
  ("a:\n  - b\n\t- c\n", "a.yaml:3:1: error: indent with spaces, not tabs"),
  (String(repeating: "[", count: 2000), "a.yaml:1:1: error: this is nested too deeply"),
  (
    String(repeating: "[", count: 300) + String(repeating: "]", count: 300),
    "a.yaml:1:101: error: this is nested too deeply"
  ),
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

/// A key that is given twice is reported where it is given again, and each such key.
@Test(arguments: [
  ("a: 1\nb: 2\na: 3\n", ["3:1 a"]),
  ("a: 1\na: 2\nb: 1\na: 3\nb: 2\n", ["2:1 a", "4:1 a", "5:1 b"]),
  ("x: { a: { b: 1 }, 'b': 2, b: 3, c: 4, c: 5 }\n", ["1:27 b", "1:39 c"]),
  ("- name: x\n  set: { name: y }\n  name: z\n- { k: 1, k: 2 }\n", ["3:3 name", "4:11 k"]),
  ("\"a\": 1\r\n\"a\": 2\r\n", ["2:1 a"]),
])
func repeatedKeysAreReportedWhereTheyAreRepeated(text: String, places: [String]) {
  let diagnostics = YAMLReader(file: "a.yaml", text: text).diagnostics
  #expect(
    diagnostics.map { "\($0.line):\($0.column): \($0.message)" }
      == places.map {
        let parts = $0.split(separator: " ")
        return "\(parts[0]): '\(parts[1])' is given twice"
      })
  #expect(diagnostics.allSatisfy { $0.hint == "keep one of them" })
}

/// A few lines of aliases can stand for more values than fit into any memory.
@Test func aliasesAreNotExpandedWithoutEnd() {
  var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
  for level in 1...8 {
    let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
    text += "a\(level): &a\(level) [\(aliases)]\n"
  }
  let reader = YAMLReader(file: "a.yaml", text: text)
  #expect(reader.root == nil)
  #expect(
    reader.diagnostics.map(\.message) == [
      "the file has more than 100000 values, with what its aliases (such as *name) repeat"
    ])
}

@Test(arguments: [
  ("yes", "did you mean true?"), ("True", "did you mean true?"), ("on", "did you mean true?"),
  ("No", "did you mean false?"), ("off", "did you mean false?"), ("maybe", nil),
])
func flagsOfOtherFormats(text: String, hint: String?) throws {
  var reader = YAMLReader(file: "a.yaml", text: text)
  #expect(reader.flag(try #require(reader.root), as: "protect") == nil)
  #expect(reader.diagnostics.map(\.hint) == [hint])
}
