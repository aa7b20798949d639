import Hub

extension Result where Failure == HubError, Success: Sendable {
  /// What a call to the Hub gives, or how it failed.
  init(_ call: () async throws(HubError) -> Success) async {
    do throws(HubError) {
      self = .success(try await call())
    } catch {
      self = .failure(error)
    }
  }
}
