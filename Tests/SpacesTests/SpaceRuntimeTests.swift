import Foundation
import JSON
import Spaces
import Testing

private func runtime(_ text: String) throws -> SpaceRuntime {
  try SpaceRuntime(json: JSONValue(parsing: Data(text.utf8)))
}

@Test func aRunningSpace() throws {
  let space = try runtime(
    #"""
    {"stage":"RUNNING","hardware":{"current":"t4-medium","requested":"a10g-small"},"storage":"small",
     "gcTimeout":3600,"replicas":{"current":2,"requested":3},"devMode":true,"tomorrow":{"x":[1,2.5,null]}}
    """#)
  #expect(space.stage == .running)
  #expect(space.hardware == .t4Medium)
  #expect(space.requestedHardware == .a10gSmall)
  #expect(space.sleep == .after(seconds: 3600))
  #expect(space.storage == .small)
  #expect(space.replicas == 2)
  #expect(space.devMode)
  #expect(space.raw["tomorrow"]?.text == #"{"x":[1,2.5,null]}"#)
}

@Test func anyKeyButStageMayBeMissing() throws {
  let space = try runtime(#"{"stage":"NEW_STAGE"}"#)
  #expect(space.stage.rawValue == "NEW_STAGE")
  #expect(space.currentElseRequestedHardware == nil)
  #expect(space.sleep == .never)
  #expect(space.replicas == 1)
  #expect(!space.tellsSleepTime)
  #expect(!space.tellsReplicas)
  #expect(try runtime(#"{"stage":"RUNNING","gcTimeout":null}"#).tellsSleepTime)
  #expect(try runtime(#"{"stage":"RUNNING","hardware":{"current":"t4-small"}}"#).tellsSleepTime)
  #expect(
    try runtime(#"{"stage":"PAUSED","hardware":{"current":null,"requested":"t4-small"}}"#).tellsSleepTime)
  #expect(
    try !runtime(#"{"stage":"RUNNING","hardware":{"current":"t4-small","requested":"cpu-basic"}}"#)
      .tellsSleepTime)
  #expect(throws: MissingStage.self) { try runtime(#"{"hardware":null}"#) }
}

@Test func staticSpaces() throws {
  #expect(try runtime(#"{"stage":"RUNNING","hardware":{"current":null,"requested":null}}"#).isStatic)
  #expect(try !runtime(#"{"stage":"BUILDING","hardware":{"current":null,"requested":"cpu-basic"}}"#).isStatic)
}

@Test(arguments: ["acme", "acme/", "/chat", "a/b/c", "acme/ch at", "acme/ché"])
func badNamesOfSpaces(text: String) {
  #expect(throws: InvalidSpaceID.self) { try SpaceID(text) }
}

@Test func numbersStayExact() throws {
  let text = #"{"big":9007199254740993,"price":0.1,"wide":123456789012345678901234567890}"#
  #expect(try JSONValue(parsing: Data(text.utf8)).text == text)
}
