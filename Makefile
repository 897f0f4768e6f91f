# tier4: what to type. `make` alone lists it.

GO       ?= go
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS  := -s -w -X main.version=$(VERSION)
TOOLS    := $(CURDIR)/bin
FUZZTIME ?= 60s

.DEFAULT_GOAL := help
.PHONY: help build demo test check check-long bench fuzz golden tools clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## the command, in bin/tier4
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/tier4 ./cmd/tier4

demo: build ## compare the Medway library: a thousand replications of each scenario
	@./bin/tier4 compare

test: ## every test that fits in a coffee break
	$(GO) test ./...

check: tools ## what every change must pass: format, vet, staticcheck, race detector, import rules
	@unformatted=$$(bin/gofumpt -l .); \
		if [ -n "$$unformatted" ]; then echo "not formatted (gofumpt -w):"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	bin/staticcheck ./...
	$(GO) test -race -skip TestExactResults ./...

check-long: ## coverage of intervals and other checks that take their time; reports need LibreOffice and poppler-utils
	$(GO) test -tags long -timeout 60m ./...

bench: tools ## speed beside programs written by hand, ten times over, for benchstat
	$(GO) test -run '^$$' -bench . -count 10 -cpu 1 ./sim | tee bin/bench.txt
	bin/benchstat bin/bench.txt

fuzz: ## each fuzz target for FUZZTIME
	$(GO) test -run '^$$' -fuzz FuzzQueue -fuzztime $(FUZZTIME) ./sim/internal/event
	$(GO) test -run '^$$' -fuzz FuzzLoad -fuzztime $(FUZZTIME) ./scenarios
	$(GO) test -run '^$$' -fuzz FuzzRead -fuzztime $(FUZZTIME) -fuzzminimizetime 20x ./cmd/tier4/internal/extract

golden: ## write the golden files anew; read the difference before you commit it
	$(GO) test ./scenarios -run TestFaults -update
	$(GO) test ./cmd/tier4/internal/report -update

tools: bin/gofumpt bin/staticcheck bin/benchstat

bin/gofumpt:
	GOBIN=$(TOOLS) $(GO) install mvdan.cc/gofumpt@v0.12.0

bin/staticcheck:
	GOBIN=$(TOOLS) $(GO) install honnef.co/go/tools/cmd/staticcheck@v0.8.2

bin/benchstat:
	GOBIN=$(TOOLS) $(GO) install golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da

clean: ## remove what was built
	rm -rf bin
