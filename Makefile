# One configuration for everything: dependencies are built once, and tests run what users run.
SWIFT_BUILD = swift build -c release
SWIFT_TEST = swift test -c release
BIN = .build/release

.PHONY: build demo test lint format golden sqlite venv

build: sqlite
	$(SWIFT_BUILD)

# Five weeks of a small team against a simulated Hub; no account needed.
demo: build
	$(BIN)/spaceplan demo

test: sqlite venv
	$(SWIFT_BUILD) --build-tests
	.venv/bin/python -m pytest -q Tests/Conformance
	$(SWIFT_TEST)

# Warnings are errors by a setting of every target.
lint: sqlite
	swift format lint --strict --recursive --parallel Package.swift Sources Tests
	$(SWIFT_BUILD) --build-tests

format:
	swift format --in-place --recursive --parallel Package.swift Sources Tests

# Rewrites the golden files; a run that rewrites fails, so look at the difference and run `make test`.
golden: sqlite
	SPACEPLAN_REWRITE_GOLDEN=1 $(SWIFT_TEST) --filter ReportsTests

sqlite:
	@sh .ci/sqlite

# What the conformance tests need of other people's programs.
venv: .venv/ready
.venv/ready: Tests/Conformance/requirements.txt
	sh .ci/python-venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@
