# One configuration for everything: dependencies are built once, and tests run what users run.
SWIFT_BUILD = swift build -c release
SWIFT_TEST = swift test -c release
BIN = .build/release

.PHONY: build demo test lint format golden bench libraries

build: libraries
	$(SWIFT_BUILD)

# Five weeks of a small team against a simulated Hub; no account needed.
demo: build
	$(BIN)/spaceplan demo

# Other people's programs against ours, then everything else.
test: libraries
	$(SWIFT_BUILD) --build-tests
	Tests/Conformance/run.sh $(BIN)
	$(SWIFT_TEST) --skip-build

# Warnings are errors by a setting of every target.
lint: libraries
	swift format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources
	$(SWIFT_BUILD) --build-tests

format:
	swift format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources

# Rewrites the golden files; a run that rewrites fails, so look at the difference and run `make test`.
golden: libraries
	SPACEPLAN_REWRITE_GOLDEN=1 $(SWIFT_TEST) --filter GoldenTests

# Beside other programs in the same run; fails where a promise is missed.
bench: build
	Benchmarks/run.sh $(BIN)

# The program is linked with the system's SQLite and zlib.
libraries:
	@echo '#include <sqlite3.h>' | cc -E -x c - >/dev/null 2>&1 || .ci/install libsqlite3-dev
	@echo '#include <zlib.h>' | cc -E -x c - >/dev/null 2>&1 || .ci/install zlib1g-dev
