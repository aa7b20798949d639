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
