import Foundation

/// Works on items on all cores. What each needs is read one after the other, and only for a few at a time, so that
/// not all of it is in memory at once.
///
/// - Parameters:
///   - read: gets what the work on an item needs.
///   - work: must depend on nothing else.
/// - Returns: the results in the order of the items.
func onAllCores<Item, Input: Sendable, Output: Sendable>(
  _ items: [Item], read: (Item) throws -> Input, _ work: @escaping @Sendable (Input) -> Output
) async throws -> [Output] {
  try await withThrowingTaskGroup(of: (Int, Output).self) { group in
    var outputs = [Output?](repeating: nil, count: items.count)
    var running = 0
    let most = 2 * ProcessInfo.processInfo.activeProcessorCount
    for (index, item) in items.enumerated() {
      if running >= most, let done = try await group.next() {
        outputs[done.0] = done.1
        running -= 1
      }
      let input = try read(item)
      group.addTask { (index, work(input)) }
      running += 1
    }
    for try await done in group { outputs[done.0] = done.1 }
    return outputs.compactMap(\.self)
  }
}
