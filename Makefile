# Landscape: `make help` lists what there is.

DATASET ?= synthetic
BACKBONE ?= mf
OUTPUT ?=
BENCH ?=
PAPER ?=
PEERS_VENV ?= .build/peers
SWIFT ?= swift
PREFIX ?= /usr/local

# Debian packages the build and the figures need.
PACKAGES = libcairo2-dev libpng-dev libopenblas-dev zlib1g-dev libssl-dev pkg-config fonts-dejavu-core
# Those that are not installed; asked each time, since it costs nothing.
MISSING = $(shell for p in $(PACKAGES); do \
	dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || printf '%s ' $$p; done)

.DEFAULT_GOAL := help
.PHONY: help setup build figures paper-sharpcf gallery test bench bench-program bench-peers lint format data install completions clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'
	@echo '  variables    DATASET=synthetic|ml-1m|gowalla|… or a path, BACKBONE=mf|lightgcn|…, OUTPUT=folder, BENCH=options, PAPER=options'

setup: ## Install the Debian packages that are missing (apt-get, with sudo where not root)
	@if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then \
		echo "no apt-get here: please see to what Debian calls $(PACKAGES)"; \
	elif [ -n "$(MISSING)" ]; then \
		sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
		echo "installing $(MISSING)(the only change made outside this folder)"; \
		$$sudo apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $(MISSING) >/dev/null; \
	fi
	@command -v $(SWIFT) >/dev/null || { echo "swift is not on the PATH: see https://www.swift.org/install"; exit 1; }

build: setup ## Build the release program, .build/release/landscape
	$(SWIFT) build -c release --product landscape

figures: setup ## Train five minima of BACKBONE on DATASET and draw their landscapes into notebooks-out/
	$(SWIFT) run -c release landscape study --dataset "$(DATASET)" --backbone "$(BACKBONE)" $(if $(OUTPUT),--output "$(OUTPUT)")

paper-sharpcf: setup ## Reproduce "Adversarial Collaborative Filtering for Free" (PAPER="--data gowalla …": options); data: make data
	$(SWIFT) run -c release landscape reproduce sharpcf $(PAPER)

gallery: build ## Draw the figures of Docs/gallery.md: runs the commands that stand there, after make figures
	@[ -e runs/synthetic/gsam-3d.safetensors ] || $(MAKE) figures DATASET=synthetic OUTPUT=
	@sed -n '/^```sh$$/,/^```$$/{/^```/!p}' Docs/gallery.md | PATH="$(CURDIR)/.build/release:$$PATH" bash -e

test: setup ## Run all tests
	$(SWIFT) test

bench: bench-program ## Measure every row; the result goes to .build/bench/ (BENCH="--quick …": options)
	.build/release/landscape-bench --json .build/bench/results.json --markdown .build/bench/results.md $(BENCH)

bench-peers: bench-program ## Install other libraries into PEERS_VENV (.build/peers) and measure them beside ours
	@[ -x "$(PEERS_VENV)/bin/python" ] || bash Benchmarks/peers/install "$(PEERS_VENV)" || \
		echo "the peers could not be installed: only our rows are measured"
	.build/release/landscape-bench --peers "$(PEERS_VENV)/bin/python" \
		--json .build/bench/peers.json --markdown .build/bench/peers.md $(BENCH)

bench-program: setup
	$(SWIFT) build -c release --product landscape
	$(SWIFT) build -c release --product landscape-bench
	@mkdir -p .build/bench

lint: ## Check the style
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

format: ## Bring the sources into style
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

data: ## Download DATASET, verify its checksum, unpack it into Data/
	@bash Data/fetch.sh "$(DATASET)"

install: build ## Copy the program to PREFIX/bin (default /usr/local)
	install -D .build/release/landscape "$(DESTDIR)$(PREFIX)/bin/landscape"

completions: build ## Write shell completions to .build/completions/
	@mkdir -p .build/completions
	@for shell in bash zsh fish; do \
		.build/release/landscape --generate-completion-script $$shell > .build/completions/landscape.$$shell; \
		echo ".build/completions/landscape.$$shell"; \
	done

clean: ## Remove build products
	rm -rf .build
