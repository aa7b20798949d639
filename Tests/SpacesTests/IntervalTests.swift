import Spaces
import Testing
import Timelines

/// A look of the very instant is known then; later ones are not, and without any there is nothing to know.
@Test(arguments: [(Int64(9), nil), (10, 1), (29, 2), (30, 3), (31, 3)] as [(Int64, Int?)])
func laterLooksAreNotKnown(second: Int64, count: Int?) {
  let looks = [10, 20, 30].map { Instant(secondsSince1970: $0) }
  let known = Interval(state: SpaceState(stage: .running), looks: looks)
    .until(Instant(secondsSince1970: second))
  #expect(known?.looks == count.map { Array(looks.prefix($0)) })
}
