# The two commands that a newcomer needs are "make demo" and "make test".

GO ?= go
GOLANGCI_LINT = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
RELEASE ?= $(shell git describe --tags --always --dirty 2>/dev/null)
COMMIT ?= $(shell git rev-parse HEAD 2>/dev/null)
MODULE = github.com/wsgictl/wsgictl
CLI = $(MODULE)/cli
LDFLAGS = -s -w -X $(CLI).release=$(RELEASE) -X $(CLI).commit=$(COMMIT)

.PHONY: build demo test race lint cross generate bench soak fuzz clean

build:
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/wsgictl ./cmd/wsgictl

# From nothing to an answer in daemon mode: packages, wsgictl, virtualenv, module, configuration, server.
demo:
	.ci/packages demo
	$(MAKE) --no-print-directory build
	examples/hello/demo bin/wsgictl

# All tests, on the real Apache: one that is missing fails them. Many wait for timeouts more than they compute,
# so more of them run at a time than there are cores. Without -count=1 go test would take results from its cache, which does
# not know when Apache, Python or a compiler is another.
# Most packages run with the race detector. Those whose tests compute or build for minutes would take three times as long with
# it: the tests of cli run much of their code, and "make race" runs all.
WITHOUT_RACE = audit detect express golden httpd/conf httpd/expr httpd/request installer mod_wsgictl modwsgi system templates wsgi
test:
	.ci/packages test
	failed=0; export WSGICTL_REQUIRE_HTTPD=1; \
	$(GO) test -count=1 -parallel 16 -timeout 15m $(WITHOUT_RACE:%=./%) || failed=1; \
	$(GO) test -race -count=1 -parallel 16 -timeout 15m $$($(GO) list ./... | grep -vx $(WITHOUT_RACE:%=-e $(MODULE)/%)) || failed=1; \
	exit $$failed

race:
	.ci/packages test
	WSGICTL_REQUIRE_HTTPD=1 $(GO) test -race -count=1 -parallel 8 -timeout 40m ./...

# Each fuzz target for a while. Those named ByApache let a running Apache judge.
FUZZTIME ?= 30s
fuzz:
	for package in $$($(GO) list ./...); do \
	  for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
	    $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package || exit 1; \
	  done; \
	done

# What takes minutes: every Python of pyenv with every series, a static libpython, hundreds of kills,
# ten thousand configurations whose verdicts are held against real servers, and mod_wsgictl under hundreds of slow
# clients, twenty reloads in a row, with sanitizers and under mod_wsgi's own test suite.
soak: build
	.ci/packages bench
	WSGICTL_REQUIRE_HTTPD=1 WSGICTL_SOAK=1 $(GO) test -timeout 60m ./installer ./cli ./system
	WSGICTL_REQUIRE_HTTPD=1 WSGICTL_SOAK=1 $(GO) test -timeout 30m -run Collector ./monitor
	WSGICTL_REQUIRE_HTTPD=1 WSGICTL_SOAK=20 $(GO) test -timeout 60m -v -run 'Many|Random|LosesNoRequest' ./mod_wsgictl
	WSGICTL_REQUIRE_HTTPD=1 WSGICTL_SANITIZE=1 $(GO) test -timeout 30m ./mod_wsgictl
	.ci/mod_wsgi-suite bin/wsgictl
	WSGICTL_REQUIRE_HTTPD=1 WSGICTL_SOAK=2000 $(GO) test -timeout 60m -run 'Generated|Damaged|Layers|Dumps|ServerIsTheOne' ./httpd/conf
	WSGICTL_REQUIRE_HTTPD=1 WSGICTL_SOAK=10000 $(GO) test -timeout 120m -run TestVerdictIsWhatApacheDoes ./wsgi

lint:
	$(GO) vet ./...
	$(GO) run $(GOLANGCI_LINT) run

cross:
	for target in linux/amd64 linux/arm64 darwin/arm64 freebsd/amd64; do \
	  echo "build $$target"; \
	  CGO_ENABLED=0 GOOS=$${target%/*} GOARCH=$${target#*/} $(GO) build -o /dev/null ./cmd/wsgictl || exit 1; \
	done
	GOOS=darwin $(GO) vet ./... # the tests too

generate:
	$(GO) generate ./...

# The measurements of docs/performance.md, side by side in one run.
bench: build
	.ci/packages bench
	bench/run bin/wsgictl

clean:
	rm -rf bin dist
