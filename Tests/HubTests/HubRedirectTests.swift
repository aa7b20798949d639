import Hub
import Spaces
import Testing

@Test(arguments: [301, 302, 303, 307, 308]) func aRenamedSpace(status: Int) async throws {
  let script = Script { request, index in
    index == 0 ? [.answer(status, ["Location": "/hub/api/spaces/other/new/runtime"])] : [.json(running)]
  }
  try await withHub(prefix: "/hub", script) { hub in
    guard case .moved(let name, let runtime) = try await hub.client.runtime(of: chat) else {
      Issue.record("it moved")
      return
    }
    #expect(name == id("other/new"))
    #expect(runtime.hardware == .t4Small)
    #expect(hub.server.requests.allSatisfy { $0.headers["authorization"] != nil })
  }
}

@Test func theTokenStaysWithTheEndpoint() async throws {
  let elsewhere = try await withScriptedServer(Script { _, _ in [.json(running)] }) { other in
    let script = Script { _, _ in
      [.answer(307, ["Location": "\(other.url)/api/spaces/acme/new/runtime"])]
    }
    try await withHub(script) { hub in
      // Another host's word on a Space of this one is nobody's.
      let error = await failure { () async throws(HubError) in try await hub.client.runtime(of: chat) }
      #expect(error?.kind == .redirected)
    }
    return other.requests
  }
  #expect(elsewhere.count == 1)
  #expect(elsewhere.allSatisfy { $0.headers["authorization"] == nil })
  let received = String(describing: elsewhere)
  #expect(!received.contains(secret))
}

@Test func fiveRedirectsAndNoMore() async throws {
  for (redirects, kind) in [(5, nil), (6, HubError.Kind.redirected)] {
    let script = Script { request, index in
      index < redirects ? [.answer(302, ["Location": request.path + "?\(index)"], "moved")] : [.json(running)]
    }
    try await withHub(script) { hub in
      let error = await failure { () async throws(HubError) in try await hub.client.runtime(of: chat) }
      #expect(error?.kind == kind)
      #expect(hub.server.requests.count == 6)
    }
  }
}

@Test(arguments: [
  ("https://h/a", "http://h/b", nil), ("https://h/a", "https://other/b", "https://other/b"),
  ("http://h/a", "https://h/b", "https://h/b"), ("https://h/a/b", "../c?d", "https://h/c?d"),
  ("https://h/a", "//other/b", "https://other/b"), ("https://h/a", "file:///etc/passwd", nil),
])
func whereRedirectsLead(from: String, location: String, target: String?) {
  #expect((try? Redirect.target(of: location, status: 307, from: from)) == target)
}

@Test(arguments: [
  (#"<https://h/a?c=x,y>; rel="next""#, "https://h/a?c=x,y"), (#"<a>; rel=prev, <b>;rel=next"#, "b"),
  (#"<a>; title="next"; rel="last""#, nil), (#"<a>; rel="last next""#, "a"), ("<a", nil), ("", nil),
])
func links(field: String, next: String?) {
  #expect(LinkHeader.next(in: [field]) == next)
}
