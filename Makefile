# tier4: what to type. `make` alone lists it.

GO       ?= go
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS  := -s -w -X main.version=$(VERSION)
TOOLS    := $(CURDIR)/bin
TEST     := $(GO) test -pgo=off
FUZZTIME ?= 60s

.DEFAULT_GOAL := help
.PHONY: help build demo test check check-browser check-long bench profile fuzz golden pictures dist tools clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## the command, in bin/tier4
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/tier4 ./cmd/tier4

demo: build ## compare the Medway library: a thousand replications of each scenario
	@./bin/tier4 compare

test: ## every test that fits in a coffee break
	$(TEST) ./...

check: tools ## what every change must pass: format, vet, staticcheck, race detector, import rules
	@unformatted=$$(bin/gofumpt -l .); \
		if [ -n "$$unformatted" ]; then echo "not formatted (gofumpt -w):"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) vet -tags long ./...
	bin/staticcheck ./...
	$(TEST) -race -timeout 40m -skip TestExactResults ./...

check-browser: ## the page of `serve` in a browser: journeys, keyboard, accessibility; needs chromium
	@command -v chromium >/dev/null || { echo "these tests need chromium: apt-get install chromium"; exit 1; }
	$(GO) vet -tags browser ./cmd/tier4
	$(TEST) -tags browser -timeout 10m -run TestBrowser ./cmd/tier4

check-long: ## coverage of intervals and other checks that take their time; reports need LibreOffice and poppler-utils
	$(TEST) -tags long -timeout 60m ./...

bench: tools ## speed beside programs written by hand, ten times over, for benchstat
	$(GO) test -pgo=$(CURDIR)/cmd/tier4/default.pgo -run '^$$' -bench . -count 10 -cpu 1 ./sim | tee bin/bench.txt
	bin/benchstat bin/bench.txt

# Every build of the command finds the profile by its name; tests do without, so that less is compiled twice.
profile: ## tell the compiler anew where the time goes as the library is compared: cmd/tier4/default.pgo
	$(TEST) -run '^$$' -bench BenchmarkCompare -benchtime 5x -cpuprofile default.pgo -outputdir cmd/tier4 -o bin/tier4.test ./cmd/tier4

fuzz: ## each fuzz target for FUZZTIME
	$(TEST) -run '^$$' -fuzz FuzzQueue -fuzztime $(FUZZTIME) ./sim/internal/event
	$(TEST) -run '^$$' -fuzz FuzzBatch -fuzztime $(FUZZTIME) -fuzzminimizetime 20x ./sim
	$(TEST) -run '^$$' -fuzz FuzzManifest -fuzztime $(FUZZTIME) -fuzzminimizetime 20x ./cmd/tier4/internal/store
	$(TEST) -run '^$$' -fuzz FuzzSegment -fuzztime $(FUZZTIME) -fuzzminimizetime 20x ./cmd/tier4/internal/store
	$(TEST) -run '^$$' -fuzz FuzzParcel -fuzztime $(FUZZTIME) -fuzzminimizetime 20x ./cmd/tier4/internal/cluster
	$(TEST) -run '^$$' -fuzz FuzzForm -fuzztime $(FUZZTIME) -fuzzminimizetime 20x ./cmd/tier4/internal/web
	$(TEST) -run '^$$' -fuzz FuzzLoad -fuzztime $(FUZZTIME) ./scenarios
	$(TEST) -run '^$$' -fuzz FuzzRead -fuzztime $(FUZZTIME) -fuzzminimizetime 20x ./cmd/tier4/internal/extract

golden: ## write the golden files anew; read the difference before you commit it
	$(TEST) ./scenarios -run TestFaults -update
	$(TEST) ./cmd/tier4/internal/report -update

PICTURES := compare/difference-completed compare/difference-cost compare/cost run/lost run/waiting run/wait-rehab run/beds-rehab \
	frontier/frontier sweep/option-cost_per_completion sensitivity/drivers-1 sensitivity/acceptability
SHOTS := page page-small year

pictures: build ## draw the pictures of cmd/tier4/pictures anew (needs chromium); look at them before you commit
	rm -rf bin/pictures && mkdir bin/pictures
	cd bin/pictures && ../tier4 compare medway all-spot more-block-detox four-more-beds-away weekly-panel --fixed --quiet --plot compare --out compare.txt
	cd bin/pictures && ../tier4 run medway --fixed --quiet --plot run --out run.txt
	cd bin/pictures && ../tier4 frontier medway --vary pathway.rehab.places.riverside.beds=0..8 --vary pathway.panel.meets.every=1w,2w \
		--minimise cost --maximise reached.rehab --replications 300 --quiet --plot frontier --out frontier.txt
	cd bin/pictures && ../tier4 sweep medway --vary pathway.rehab.places.riverside.beds=0..8 --vary pathway.panel.meets.every=1w,2w,4w \
		--replications 300 --figures cost_per_completion --quiet --plot sweep --out sweep.txt
	cd bin/pictures && ../tier4 sensitivity medway four-more-beds-away weekly-panel --value 'completion=£0..£60,000' --quiet --plot sensitivity --out sensitivity.txt
	TIER4_PICTURES=$(CURDIR)/bin/pictures $(TEST) -tags browser -count 1 -run TestBrowserPictures ./cmd/tier4
	for picture in $(PICTURES); do cp bin/pictures/$$picture.svg cmd/tier4/pictures/; done
	for picture in $(SHOTS); do cp bin/pictures/$$picture.png cmd/tier4/pictures/; done

SYSTEMS := linux-amd64 linux-arm64 darwin-amd64 darwin-arm64 windows-amd64 windows-arm64

# Nothing of the machine goes into a binary: the same revision gives the same bytes anywhere.
dist: ## binaries for Linux, macOS and Windows, with checksums, completions and what they are made of, in dist
	rm -rf dist && mkdir -p dist/completions
	for system in $(SYSTEMS); do \
		ending=; case $$system in windows-*) ending=.exe;; esac; \
		CGO_ENABLED=0 GOOS=$${system%-*} GOARCH=$${system#*-} $(GO) build -trimpath -buildvcs=false -ldflags '$(LDFLAGS) -buildid=' \
			-o dist/tier4-$$system$$ending ./cmd/tier4 || exit 1; \
	done
	for shell in bash zsh fish powershell; do \
		$(GO) run -trimpath ./cmd/tier4 completion $$shell > dist/completions/tier4.$$shell || exit 1; \
	done
	cd dist && $(GO) version -m tier4-* > MODULES && sha256sum tier4-* completions/* MODULES > SHA256SUMS

tools: bin/gofumpt bin/staticcheck bin/benchstat

bin/gofumpt:
	GOBIN=$(TOOLS) $(GO) install mvdan.cc/gofumpt@v0.12.0

bin/staticcheck:
	GOBIN=$(TOOLS) $(GO) install honnef.co/go/tools/cmd/staticcheck@v0.8.2

bin/benchstat:
	GOBIN=$(TOOLS) $(GO) install golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da

clean: ## remove what was built
	rm -rf bin dist
