import Pricing
import TestSupport
import Testing

@Test func builtInReads() {
  #expect(PriceTable.read([("huggingface.yaml", PriceTable.builtInText)]).diagnostics.isEmpty)
}
