import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import NIOPosix
import Spaces

/// One exchange that failed: what a ``HubError`` is made of.
struct Failure: Error {
  var kind: HubError.Kind
  var status: Int?
  var code: String?
  var message: String?
  var requestID: String?
  /// How long the Hub told to wait, where it refused a call as one too many.
  var wait: Duration?

  init(_ kind: HubError.Kind, _ message: String? = nil, status: Int? = nil) {
    (self.kind, self.message, self.status) = (kind, message, status)
  }

  /// What an answer that is no success says.
  init(status: Int, headers: HTTPHeaders, body: JSONValue?) {
    self.status = status
    code = headers.first(name: HubHeader.errorCode)
    requestID = Self.requestID(headers)
    message =
      headers.first(name: HubHeader.errorMessage) ?? body?["error"]?.string ?? body?["message"]?.string
    kind =
      switch status {
      case 400: .badRequest
      case 401 where message == HubHeader.invalidCredentials: .invalidToken
      case 401: .noSpaceOrNoAccess
      case 402: .paymentRequired
      case 403 where message == HubHeader.disabled: .disabled
      case 403 where message?.localizedCaseInsensitiveContains("spend") == true: .spendLimit
      case 403: .forbidden
      case 404: .notFound
      case 409, 412: .conflict
      case 429: .rateLimited
      case 400..<500 where status != 408: .refused
      default: .serverTrouble
      }
  }

  /// What an error of the network means. Only where no connection came about is it certain that nothing
  /// was sent.
  init(network error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case is CancellationError: self.init(.cancelled)
    case let tooLong as Traffic.TooLongAWait: self.init(waitOf: .seconds(tooLong.seconds))
    case let refused as NIOConnectionError: self.init(.unreachable, Self.reason(refused))
    case is NIOTooManyBytesError: self.init(.tooLarge)
    case let error as HTTPClientError where error == .cancelled: self.init(.cancelled)
    case let error as HTTPClientError where Self.beforeSending.contains(error):
      self.init(.unreachable, "\(error.shortDescription)")
    case let error as HTTPClientError: self.init(.cutOff, "\(error.shortDescription)")
    case let error as IOError where error.errnoCode == ECONNREFUSED:
      self.init(.unreachable, String(cString: strerror(error.errnoCode)))
    case let error as IOError: self.init(.cutOff, String(cString: strerror(error.errnoCode)))
    case let error where Self.isOfTLS(error): self.init(.insecure, Self.reason(ofTLS: error))
    default: self.init(.cutOff, "\(error)")
    }
  }

  /// The Hub wants a longer silence than anybody would wait for.
  init(waitOf wait: Duration) {
    let minutes = (wait.components.seconds + 59) / 60
    self.init(.rateLimited, "the Hub asks to wait for \(minutes) minutes")
  }

  static func requestID(_ headers: HTTPHeaders) -> String? {
    headers.first(name: HubHeader.requestID) ?? headers.first(name: HubHeader.traceID)
      ?? headers.first(name: HubHeader.cloudFrontID)
  }

  private static let beforeSending: [HTTPClientError] = [
    .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout, .invalidURL, .emptyHost,
  ]

  /// The TLS library's types are known by their module only, as it is no dependency of ours.
  private static func isOfTLS(_ error: any Error) -> Bool {
    String(reflecting: type(of: error)).hasPrefix("NIOSSL.")
  }

  private static func reason(ofTLS error: any Error) -> String {
    let text = "\(error)"
    if ["WRONG_VERSION_NUMBER", "HTTP_REQUEST"].contains(where: text.contains) {
      return "the server does not speak TLS"
    }
    if ["CERTIFICATE_VERIFY_FAILED", "CERTIFICATE_UNKNOWN"].contains(where: text.contains) {
      return "the server's certificate is not one to trust"
    }
    if text.contains("ailedToValidateHostname") || text.contains("failed to validate hostname") {
      return "the server's certificate is for another host"
    }
    return "the server and this program did not agree on TLS"
  }

  private static func reason(_ error: NIOConnectionError) -> String {
    if let connection = error.connectionErrors.first {
      let reason = (connection.error as? IOError).map { String(cString: strerror($0.errnoCode)) }
      return reason ?? "\(connection.error)"
    }
    return "no such host as \(error.host)"
  }
}

extension HubError {
  init(_ failure: Failure, in call: HubCall, configuration: HubConfiguration) {
    func clean(_ text: String?) -> String? {
      guard var text else { return nil }
      if let secret = configuration.token?.secret {
        text = text.replacingOccurrences(of: secret, with: "…")
      }
      text = Self.printable(text)
      return text.isEmpty ? nil : text
    }
    self.init(
      kind: failure.kind, call: call, status: failure.status, code: clean(failure.code),
      message: clean(failure.message), requestID: clean(failure.requestID),
      isUnclear: call.isChange && failure.kind.ofChange == .unclear,
      advice: failure.kind.advice(on: call, asking: configuration.endpoint, with: configuration.token))
  }

  /// On one line, without control characters (which could move a terminal's cursor), not endless.
  static func printable(_ text: String) -> String {
    let visible = text.unicodeScalars.map { scalar -> Character in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .format: " "
      default: Character(scalar)
      }
    }
    let trimmed = String(visible).trimmingCharacters(in: .whitespaces)
    return trimmed.count > 500 ? trimmed.prefix(499) + "…" : trimmed
  }
}
