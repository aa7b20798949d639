public import Spaces

/// One question to the Hub, or one request for a change, as messages name it.
public struct HubCall: Hashable, Sendable, CustomStringConvertible {
  /// What it does, such as `set the hardware`.
  public let action: String
  public let space: SpaceID?
  /// Whether it asks for a change.
  public let isChange: Bool

  init(_ action: String, of space: SpaceID? = nil, isChange: Bool = false) {
    (self.action, self.space, self.isChange) = (action, space, isChange)
  }

  public var description: String { action + (space.map { " of \($0)" } ?? "") }
}

/// A call that the Hub refused, did not answer, or answered in a way that can't be read.
///
/// The token is in no part of it, not even where the Hub's own words repeat it.
public struct HubError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    /// 400
    case badRequest
    /// 401 with the Hub's word that the token is bad.
    case invalidToken
    /// Any other 401.
    case noSpaceOrNoAccess
    /// 402
    case paymentRequired
    /// 403: role or plan.
    case forbidden
    /// 403: the resource group has spent what it may.
    case spendLimit
    /// 403 of a Space that the Hub disabled.
    case disabled
    /// 404
    case notFound
    /// 409 or 412
    case conflict
    /// 429 too often, or a wait longer than ten minutes.
    case rateLimited
    /// Any other 4xx.
    case refused
    /// 408, 5xx, or a status that makes no sense.
    case serverTrouble
    /// No connection, so nothing was sent.
    case unreachable
    /// No secure connection, so nothing was sent: the server speaks no TLS, or its certificate is not good.
    case insecure
    /// The connection broke before the whole answer was there.
    case cutOff
    case timedOut
    /// An answer larger than any that makes sense.
    case tooLarge
    /// An answer of success that can't be read.
    case unreadable
    /// A redirect that is not followed: of a change to another Space or host, too many, or to plain HTTP.
    case redirected
    case cancelled
  }

  public let kind: Kind
  public let call: HubCall
  /// The HTTP status, where there was an answer.
  public let status: Int?
  /// `X-Error-Code`, such as `RepoNotFound`.
  public let code: String?
  /// `X-Error-Message`, else the body's `error`, else what happened in our words.
  public let message: String?
  /// The Hub's name for the request, for its support.
  public let requestID: String?
  /// A **change** that may or may not have been done: only reading back tells.
  public let isUnclear: Bool
  /// What the user can do, in one sentence.
  public let advice: String

  /// What happened, without ``advice``:
  /// `set the hardware of acme/chat: 403 Forbidden: You have exceeded … (request abc)`.
  public var description: String {
    var text = "\(call): \(status.map { "\($0) " } ?? "")\(summary)"
    if let code { text += " [\(code)]" }
    if let message { text += ": \(message)" }
    if isUnclear { text += "; it may or may not have been done" }
    if let requestID { text += " (request \(requestID))" }
    return text
  }

  private var summary: String {
    switch kind {
    case .badRequest: "bad request"
    case .invalidToken: "the token is not valid"
    case .noSpaceOrNoAccess: "no such Space, or no access to it"
    case .paymentRequired: "payment required"
    case .forbidden: "not allowed"
    case .spendLimit: "the spend limit is reached"
    case .disabled: "the Space is disabled"
    case .notFound: "not found"
    case .conflict: "in conflict with something under way"
    case .rateLimited: "too many requests"
    case .refused: "refused"
    case .serverTrouble: "the Hub is in trouble"
    case .unreachable: "the Hub is out of reach"
    case .insecure: "no secure connection"
    case .cutOff: "the connection broke"
    case .timedOut: "no answer in time"
    case .tooLarge: "the answer is too large"
    case .unreadable: "the answer can't be read"
    case .redirected: "redirected elsewhere"
    case .cancelled: "cancelled"
    }
  }
}

extension HubError.Kind {
  /// Trouble that may be over in a second: a read that meets it is repeated.
  var isPassing: Bool {
    switch self {
    case .serverTrouble, .unreachable, .cutOff, .timedOut, .unreadable: true
    case .badRequest, .invalidToken, .noSpaceOrNoAccess, .paymentRequired, .forbidden, .spendLimit, .disabled,
      .notFound, .conflict, .rateLimited, .refused, .insecure, .tooLarge, .redirected, .cancelled:
      false
    }
  }

  /// What the user can do about it.
  func advice(on call: HubCall, asking endpoint: HubEndpoint, with token: HubToken?) -> String {
    let whose = token.map { "the \($0)" } ?? "no token, as HF_TOKEN is not set"
    return switch self {
    case .badRequest: "Read what the Hub says of the request; sending it again won't help."
    case .invalidToken: "Make a new token at \(endpoint)/settings/tokens; the Hub does not know \(whose)."
    case .noSpaceOrNoAccess where call.space == nil:
      "Check the owner's name, and who may see it: it was asked for with \(whose)."
    case .noSpaceOrNoAccess: "Check the Space's name, and who may see it: it was asked for with \(whose)."
    case .paymentRequired:
      "Add a way to pay or credit to the owner's account at \(endpoint)/settings/billing."
    case .forbidden: "Check the rights (write) of \(whose), and its owner's role and plan."
    case .spendLimit:
      "Raise the spend limit of the organisation's resource group, or wait for its next month; the token is not at fault."
    case .disabled: "Only the Hub's support can enable the Space again."
    case .notFound where call.space == nil:
      "Check HF_ENDPOINT, which is \(endpoint), and the owner's name."
    case .notFound: "Check the Space's name; it may have been deleted, made private or renamed."
    case .conflict: "Something else is under way for this Space; the next run tries again."
    case .rateLimited: "Wait, or run less often; a token or a larger plan has a higher limit."
    case .refused: "Read what the Hub says of the request; sending it again won't help."
    case .serverTrouble: "Try again later; if it lasts, see https://status.huggingface.co."
    case .unreachable: "Check the network, and HF_ENDPOINT, which is \(endpoint)."
    case .insecure:
      "Check HF_ENDPOINT, which is \(endpoint): is it meant to begin with http://? Or have the certificate mended."
    case .cutOff, .timedOut: "Try again later; if it lasts, check the network to \(endpoint)."
    case .tooLarge, .unreadable:
      "Check that \(endpoint) is a Hub and that nothing between changes its answers."
    case .redirected: "Check HF_ENDPOINT, which is \(endpoint), and the Space's name."
    case .cancelled: "It was stopped before it ended."
    }
  }
}
