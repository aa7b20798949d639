/// What a change that failed means: whether it may have been done, and what else would fail like it. A run
/// goes on by this, and the journal keeps what later runs, budgets and forecasts go by.
public enum FailedChange: Hashable, Sendable {
  /// The Hub has not taken it: no connection, or one call too many (429).
  case notSent
  /// 400, 403 (role, plan, spend limit, a quota) and what other 4xx there are: the Hub won't have this
  /// hardware or setting for now. Another may be granted.
  case refusesThis
  /// 409, 412: in conflict with something under way. The next run tries the same again.
  case refusesNow
  /// 401, 404, a disabled Space (403), a redirect elsewhere: the Hub does nothing at all to this Space.
  case refusesSpace
  /// 402: nothing that costs more is granted to this owner.
  case refusesOwner
  /// 401 that says so: the token is bad, so nothing is granted.
  case refusesToken
  /// 408, 5xx, a broken connection, an answer that can't be read: it may have been done, and only reading
  /// back tells.
  case unclear
}

extension HubError.Kind {
  /// What it means for a change that ended so.
  public var ofChange: FailedChange {
    switch self {
    case .unreachable, .insecure, .rateLimited: .notSent
    case .badRequest, .forbidden, .spendLimit, .refused: .refusesThis
    case .conflict: .refusesNow
    case .noSpaceOrNoAccess, .notFound, .disabled, .redirected: .refusesSpace
    case .paymentRequired: .refusesOwner
    case .invalidToken: .refusesToken
    case .serverTrouble, .cutOff, .timedOut, .tooLarge, .unreadable, .cancelled: .unclear
    }
  }

  /// Whether the token's rights may be at fault.
  public var isOfRights: Bool {
    switch self {
    case .invalidToken, .noSpaceOrNoAccess, .forbidden: true
    default: false
    }
  }
}
