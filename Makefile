# Builds, tests and demonstrates crater-run. Each target sets up what it needs, from Swift 6.3, Python 3.11, gcc, make, git
# and Python packages from PyPI.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

SWIFT ?= swift
PYTHON ?= python3
# The tests to run: a regular expression for their names, for example FILTER=Prefix. If it is empty, all tests run. With a filter,
# no images are built, since this takes minutes after each change of a source: the images of the last `make test-images` are tested.
FILTER ?=

binary := .build/release/crater-run
start_order := Sources/start-order
no_unwinding := Sources/no-unwinding.ld
tensorboard := .build/venv-tensorboard
tensorboard_old := .build/venv-tensorboard-2.10
jupyter := .build/venv-jupyter
jupyter_classic := .build/venv-jupyter-classic
visdom := .build/venv-visdom
visdom_newest := .build/venv-visdom-0.3
apps := .build/venv-apps
gradio_old := .build/venv-gradio-3
ray := .build/venv-ray
browser := .build/venv-browser
visdom_browser_files := .build/visdom-browser-files
manifests := .build/venv-manifests
caddy := .build/venv-caddy
test_images := .build/test-images
# The newest Visdom needs Python 3.12; without Python 3.12, it is not tested.
PYTHON312 ?= $(firstword $(foreach python,python3.12 $(wildcard $(HOME)/.pyenv/versions/3.12.*/bin/python3.12),\
	$(if $(filter 3.12,$(shell $(python) -c 'print("3.12")' 2>/dev/null)),$(python))))

# What --version prints about the build. Outside of a clone, the commit is unknown unless the caller sets it.
ifndef CRATER_RUN_BUILD_COMMIT
CRATER_RUN_BUILD_COMMIT := $(if $(wildcard .git),$(shell git describe --always --dirty --abbrev=7 --exclude='*' 2>/dev/null))
endif
CRATER_RUN_BUILD_SWIFT := $(shell $(SWIFT) --version 2>/dev/null | sed -nE 's/.*Swift version ([^ ]+).*/\1/p')
export CRATER_RUN_BUILD_COMMIT CRATER_RUN_BUILD_SWIFT

.PHONY: help
help: ## Show this list
	@echo "make TARGET; PYTHON=… and SWIFT=… name other programs than python3 and swift on PATH:"
	@sed -nE 's/^([a-z-]+):[^#]*## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 10

# Optimised for size, since system calls limit the speed. Functions are kept one by one: what nobody calls is left out, identical
# ones are kept once, and those that run at the start lie beside each other (see Benchmarks/start_order.py). There are no tables
# for unwinding the stack (see Sources/no-unwinding.ld); LLD can leave them out, gold cannot. That no two accesses to a variable
# overlap is checked in debug builds alone: the checks were 15 % of the front door's instructions, and a failed one would trap.
release := -c release -Xswiftc -static-executable -Xswiftc -Osize -Xswiftc -enforce-exclusivity=unchecked \
	-Xswiftc -Xfrontend -Xswiftc -function-sections -Xswiftc -use-ld=lld -Xlinker -s -Xlinker --icf=all \
	-Xlinker $(CURDIR)/$(no_unwinding) -Xlinker --symbol-ordering-file=$(CURDIR)/$(start_order) \
	-Xlinker --no-warn-symbol-ordering --product crater-run

.PHONY: build
build: ## Build the release binary: one static file, and check what it must not contain
	@$(SWIFT) build $(release)
	@.ci/check-binary $(binary)

# Needs valgrind. To be run again when a start has become slower: names that no longer exist do no harm.
.PHONY: start-order
start-order: ## Write the list of the code that runs at the start, by which the linker orders the release binary
	@$(SWIFT) build $(release) -Xlinker --no-demangle -Xlinker -Map=$(CURDIR)/.build/start.map
	@$(PYTHON) -B Benchmarks/start_order.py --binary $(binary) --map .build/start.map --order $(start_order)

.PHONY: images
images: ## Build the container images, or IMAGES='visdom …', with buildah, podman or docker (see images/build)
	@images/build $(IMAGES)

# Everything that the tests need beside themselves. With --jobs the downloads go on while the compiler works.
.PHONY: test-needs
test-needs: build venvs visdom-browser-files $(if $(FILTER),,test-images)

.PHONY: test
test: test-needs ## Run all tests, or with FILTER=REGEX some, against the release binary and real apps
	@$(SWIFT) build --build-tests
	@# Each run of SwiftPM, and each killed test, leaves directories in TMPDIR, so the tests get a TMPDIR that is deleted. (Builds
	@# keep the usual TMPDIR: it holds the locks that keep two builds apart.)
	tmp=$$(mktemp -d); trap 'rm -rf "$$tmp"' EXIT; chmod 755 "$$tmp"; \
	TMPDIR="$$tmp" \
	CRATER_RUN_TEST_BINARY="$(CURDIR)/$(binary)" \
	CRATER_RUN_TEST_TENSORBOARD="$(CURDIR)/$(tensorboard)/bin" \
	CRATER_RUN_TEST_TENSORBOARD_OLD="$(CURDIR)/$(tensorboard_old)/bin" \
	CRATER_RUN_TEST_JUPYTER="$(CURDIR)/$(jupyter)/bin" \
	CRATER_RUN_TEST_JUPYTER_CLASSIC="$(CURDIR)/$(jupyter_classic)/bin" \
	CRATER_RUN_TEST_VISDOM="$(CURDIR)/$(visdom)/bin" \
	$(if $(PYTHON312),CRATER_RUN_TEST_VISDOM_NEWEST="$(CURDIR)/$(visdom_newest)/bin") \
	CRATER_RUN_TEST_MARIMO="$(CURDIR)/$(apps)/bin" \
	CRATER_RUN_TEST_APPS="$(CURDIR)/$(apps)/bin" \
	CRATER_RUN_TEST_GRADIO_OLD="$(CURDIR)/$(gradio_old)/bin" \
	CRATER_RUN_TEST_RAY="$(CURDIR)/$(ray)/bin" \
	CRATER_RUN_TEST_BROWSER="$(CURDIR)/$(browser)/bin" \
	CRATER_RUN_TEST_VISDOM_FILES="$(CURDIR)/$(visdom_browser_files)" \
	CRATER_RUN_TEST_CADDY="$(CURDIR)/$(caddy)/bin" \
	CRATER_RUN_TEST_MANIFESTS="$(CURDIR)/$(manifests)/bin" \
	CRATER_RUN_TEST_IMAGES="$(CURDIR)/$(test_images)" \
	$(SWIFT) test --skip-build --no-parallel --disable-xctest $(if $(FILTER),--filter '$(FILTER)')

.PHONY: check
check: check-swift check-shell check-python ## Check formatting, shell scripts and Python files without running the tests

.PHONY: check-swift
check-swift:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests

.PHONY: check-shell
check-shell:
	@.ci/check-shell
	@.ci/check-entrypoint

# Compiled files go under .build, so that a check leaves nothing in the source tree.
.PHONY: check-python
check-python:
	@find $(wildcard Tests Benchmarks images) -name '*.py' -exec \
		env PYTHONPYCACHEPREFIX="$(CURDIR)/.build/pycache" $(PYTHON) -W error -m py_compile {} +
	@echo "Python files compile"

.PHONY: demo
demo: build venv-tensorboard venv-jupyter venv-visdom ## Serve real apps beside a small training; with CHECK=1 check them and end
	@exec $(PYTHON) -B Tests/Demo/demo.py --binary $(binary) $(if $(CHECK),--check) \
		--tensorboard $(tensorboard)/bin --jupyter $(jupyter)/bin --visdom $(visdom)/bin

.PHONY: bench
bench: build venv-tensorboard ## Compare the release binary with the installed inits, and with a TensorBoard started by hand
	@$(PYTHON) -B Benchmarks/benchmark.py --binary $(binary) --tensorboard $(tensorboard)/bin

# Needs Debian's nginx-light.
.PHONY: bench-door
bench-door: build venv-tensorboard venv-caddy ## Compare the front door with nginx, Caddy and no proxy at all
	@$(PYTHON) -B Benchmarks/door.py --binary $(binary) --tensorboard $(tensorboard)/bin --caddy $(caddy)/bin

.PHONY: venvs
venvs: venv-tensorboard venv-tensorboard-old venv-jupyter venv-jupyter-classic venv-visdom venv-apps venv-manifests
venvs: venv-browser venv-gradio-old venv-ray venv-caddy
venvs: $(if $(PYTHON312),venv-visdom-newest)

.PHONY: venv-tensorboard
venv-tensorboard:
	@.ci/make-venv $(tensorboard) images/tensorboard/requirements.txt $(PYTHON)

.PHONY: venv-tensorboard-old
venv-tensorboard-old:
	@.ci/make-venv $(tensorboard_old) Tests/Requirements/tensorboard-2.10.txt $(PYTHON)

.PHONY: venv-jupyter
venv-jupyter:
	@.ci/make-venv $(jupyter) images/jupyter/requirements.txt $(PYTHON)

.PHONY: venv-jupyter-classic
venv-jupyter-classic:
	@.ci/make-venv $(jupyter_classic) Tests/Requirements/jupyter-classic.txt $(PYTHON)

.PHONY: venv-visdom
venv-visdom:
	@.ci/make-venv $(visdom) images/visdom/requirements.txt $(PYTHON)

.PHONY: venv-visdom-newest
venv-visdom-newest:
	@.ci/make-venv $(visdom_newest) Tests/Requirements/visdom-0.3.txt $(PYTHON312)

.PHONY: venv-apps
venv-apps:
	@.ci/make-venv $(apps) Tests/Requirements/apps.txt $(PYTHON)

.PHONY: venv-gradio-old
venv-gradio-old:
	@.ci/make-venv $(gradio_old) Tests/Requirements/gradio-3.txt $(PYTHON)

.PHONY: venv-ray
venv-ray:
	@.ci/make-venv $(ray) Tests/Requirements/ray.txt $(PYTHON)

# The program that drives the tests' browser; the browser itself comes from Debian.
.PHONY: venv-browser
venv-browser:
	@.ci/make-venv $(browser) Tests/Requirements/browser.txt $(PYTHON)

.PHONY: venv-caddy
venv-caddy:
	@.ci/make-venv $(caddy) Benchmarks/caddy.txt $(PYTHON)

# Visdom's browser files, for machines that cannot download them from Visdom's hosts.
.PHONY: visdom-browser-files
visdom-browser-files: venv-visdom
	@Tests/VisdomBrowserFiles/collect $(visdom_browser_files) $(visdom)/bin/python

.PHONY: venv-manifests
venv-manifests:
	@.ci/make-venv $(manifests) Tests/Requirements/manifests.txt $(PYTHON)

# Builds the images on base images made here, and unpacks them for the tests. Needs root.
.PHONY: test-images
test-images: visdom-browser-files
	@Tests/TestImages/prepare $(test_images) $(visdom_browser_files)

.PHONY: clean
clean: ## Remove everything that was built or installed here
	rm -rf .build
