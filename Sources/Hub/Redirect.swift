import Foundation

/// Where an answer that is a redirect leads.
package enum Redirect {
  /// The whole address that `location` means at `url`; never from encrypted to plain HTTP.
  package static func target(of location: String, status: Int, from url: String) throws -> String {
    guard let target = URL(string: location, relativeTo: URL(string: url))?.absoluteString,
      let origin = Origin(of: target)
    else { throw Failure(.redirected, "to '\(location)', which is no address", status: status) }
    guard origin.scheme == "https" || Origin(of: url)?.scheme != "https" else {
      throw Failure(.redirected, "from https to \(origin), where anybody could listen", status: status)
    }
    return target
  }
}
