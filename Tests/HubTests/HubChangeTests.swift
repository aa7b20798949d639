import Foundation
import Hub
import JSON
import Spaces
import Testing

@Test func whatChangesSend() async throws {
  let script = Script { request, _ in
    [.json(request.path.hasSuffix("variables") ? #"{"K":{"value":"v"}}"# : running)]
  }
  try await withHub(script) { hub in
    let client = hub.client
    #expect(
      try await client.setHardware(.t4Small, sleep: .after(seconds: 3600), of: chat).hardware == .t4Small)
    try await client.setHardware(SpaceHardware(rawValue: "h300"), of: chat)
    try await client.setSleepTime(.never, of: chat)
    try await client.pause(chat)
    try await client.restart(chat)
    try await client.restart(chat, factory: true)
    try await client.setReplicas(2, of: chat)
    #expect(try await client.setVariable("K", to: "\"é", description: "d", of: chat).map(\.value) == ["v"])
    try await client.deleteVariable("K", of: chat)

    let sent = try hub.server.requests.map { request in
      let body = request.body.isEmpty ? "" : try JSONValue(parsing: Data(request.body.utf8)).text
      return "\(request.method) \(request.path.replacing("/api/spaces/acme/chat", with: "")) \(body)"
    }
    #expect(
      sent == [
        #"POST /hardware {"flavor":"t4-small","sleepTimeSeconds":3600}"#,
        #"POST /hardware {"flavor":"h300"}"#,
        #"POST /sleeptime {"seconds":-1}"#, "POST /pause ", "POST /restart ", "POST /restart?factory=true ",
        #"POST /replicas {"replicas":2}"#, #"POST /variables {"description":"d","key":"K","value":"\"é"}"#,
        #"DELETE /variables {"key":"K"}"#,
      ])
  }
}

@Test(arguments: [
  (307, "/api/spaces/acme/renamed/pause", false), (308, "/api/spaces/other/chat/pause", false),
  (307, "/api/spaces/acme/chat/pause?again", true), (301, "/api/spaces/acme/chat/pause?again", false),
  (307, "http://localhost/api/spaces/acme/chat/pause", false), (307, "ftp://x/", false),
])
func aChangeIsNeverSentToAnotherSpace(status: Int, location: String, isFollowed: Bool) async throws {
  try await withHub(
    Script { _, index in index == 0 ? [.answer(status, ["Location": location])] : [.json(running)] }
  ) { hub in
    let error = await failure { () async throws(HubError) in try await hub.client.pause(chat) }
    #expect(error?.kind == (isFollowed ? nil : .redirected))
    #expect(error?.isUnclear ?? false == false)
    #expect(hub.server.requests.map(\.method) == (isFollowed ? ["POST", "POST"] : ["POST"]))
  }
}
