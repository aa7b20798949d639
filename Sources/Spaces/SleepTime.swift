/// How long after its last visit a Space goes to sleep.
public enum SleepTime: Hashable, Sendable {
  case never
  /// Whole seconds, 0 or more.
  case after(seconds: Int)

  /// Reads the Hub's number: null and −1 are both never.
  public init(hubSeconds: Int?) {
    if let hubSeconds, hubSeconds >= 0 {
      self = .after(seconds: hubSeconds)
    } else {
      self = .never
    }
  }

  /// The number that the Hub takes: −1 is never.
  public var hubSeconds: Int {
    switch self {
    case .never: -1
    case .after(let seconds): seconds
    }
  }

  /// Seconds; never is longer than any.
  package var length: Int64 {
    switch self {
    case .never: .max
    case .after(let seconds): Int64(seconds)
    }
  }

  /// `cpu-basic` always sleeps after 48 hours.
  public static let ofCPUBasic = SleepTime.after(seconds: 172_800)
}
