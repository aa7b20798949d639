import Foundation
import Hub
import Testing

private func configuration(
  _ environment: [String: String], files: [String: String] = [:]
) throws(InvalidHubConfiguration) -> HubConfiguration {
  try HubConfiguration(environment: environment, home: "/home/me") { files[$0].map { Data($0.utf8) } }
}

@Test(
  arguments: [
    ([:], nil),
    (["HF_TOKEN": " hf_a \n"], "HF_TOKEN"),
    (["HF_TOKEN_PATH": "~/mine"], "the file /home/me/mine"),
    (["HF_HOME": "/hf"], "the file /hf/token"),
    (["HF_HOME": "", "XDG_CACHE_HOME": "/x"], "the file /x/huggingface/token"),
    (["XDG_CACHE_HOME": "/x", "HF_HOME": "~/hf"], "the file /home/me/hf/token"),
    (["HF_TOKEN": "", "HOME": "/elsewhere"], nil),
  ] as [([String: String], String?)])
func theTokenIsFoundAsTheOfficialClientFindsIt(environment: [String: String], source: String?) throws {
  let paths = ["/home/me/mine", "/hf/token", "/x/huggingface/token", "/home/me/hf/token"]
  let files = Dictionary(uniqueKeysWithValues: paths.map { ($0, "hf_file\n") })
  #expect(try configuration(environment, files: files).token?.source == source)
}

@Test func theUsualFile() throws {
  let files = ["/home/me/.cache/huggingface/token": "hf_x"]
  #expect(try configuration([:], files: files).token?.source == "the file /home/me/.cache/huggingface/token")
}

@Test(arguments: [
  (
    "hf_a\nhf_b",
    "the token from the file /hf/token has spaces or line breaks inside; it must be one word, such as hf_…"
  ),
  (" \n", "the token from the file /hf/token is empty; write the token there, or remove it"),
  ("hf_é", "the token from the file /hf/token has characters that no token has"),
])
func badTokenFiles(text: String, message: String) {
  let error = #expect(throws: InvalidHubConfiguration.self) {
    try configuration(["HF_HOME": "/hf"], files: ["/hf/token": text])
  }
  #expect(error?.description == message)
}

@Test func tokenFilesThatCanNotBeRead() {
  struct Denied: Error, CustomStringConvertible { let description = "permission denied" }
  let error = #expect(throws: InvalidHubConfiguration.self) {
    try HubConfiguration(environment: ["HF_HOME": "/hf"], home: "/") { _ in throw Denied() }
  }
  #expect(error?.description == "the token file /hf/token can't be read: permission denied")
  let missing = #expect(throws: InvalidHubConfiguration.self) { try configuration(["HF_TOKEN_PATH": "/no"]) }
  #expect(missing?.description == "HF_TOKEN_PATH names /no, but there is no such file")
}

@Test(arguments: [
  ("", "https://huggingface.co", false), ("https://huggingface.co/", "https://huggingface.co", false),
  ("HTTP://LocalHost:8080/hub//", "http://localhost:8080/hub", true),
  ("http://127.0.0.1:80", "http://127.0.0.1", true),
  ("http://127.0.0.1.example.org", "http://127.0.0.1.example.org", false),
  ("http://[::1]:9", "http://[::1]:9", true),
])
func endpoints(text: String, description: String, isLoopback: Bool) throws {
  let endpoint = try configuration(["HF_ENDPOINT": text]).endpoint
  #expect(endpoint.description == description)
  #expect(endpoint.isLoopback == isLoopback)
}

@Test(arguments: [
  "huggingface.co", "ftp://x", "http://", "https://a b", "http://x:99999", "http://h/?q=1", "nonsense",
])
func badEndpoints(text: String) {
  let error = #expect(throws: InvalidHubConfiguration.self) { try configuration(["HF_ENDPOINT": text]) }
  #expect(error?.description.hasPrefix("HF_ENDPOINT is '\(text)'") == true)
}

@Test func aPasswordInTheEndpointIsNotShown() {
  let error = #expect(throws: InvalidHubConfiguration.self) {
    try configuration(["HF_ENDPOINT": "https://me:hunter2@huggingface.co"])
  }
  #expect(error?.description == "HF_ENDPOINT must not hold a user name or password")
}

@Test func nothingShowsTheToken() throws {
  let found = try configuration(["HF_TOKEN": secret])
  var dumped = ""
  dump(found, to: &dumped)
  for text in ["\(found)", String(reflecting: found), dumped] {
    #expect(!text.contains(secret))
    #expect(text.contains("HF_TOKEN"))
  }
}
