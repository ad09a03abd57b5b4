#!/bin/sh
# The container's entry point: runs the job that it is given, and serves every app with an ingress rule beside it.
#
#     ENTRYPOINT ["/entrypoint.sh"]
#     CMD ["python", "train.py"]
#
# becomes `crater-run up -- python train.py`. Without a job there are the apps alone. Where the first argument is an option,
# all are `up`'s own, as in ["/entrypoint.sh", "--linger", "30m", "--"]; and every option has an environment variable.
#
# CRATER_RUN_BINARY, when set, is the only place looked at: who names a file wants that one or an error.
# Variables bear a prefix because an assignment to a name that is in the environment would change what the job inherits.
set -u

is_program() { [ -f "$1" ] && [ -x "$1" ]; }

# One for another kind of machine, or half of one, would take the job with it.
runs() { "$1" --version >/dev/null 2>&1; }

# The job must not suffer from a crater-run that is missing or broken: it is run without any app.
alone() {
    printf '%s\n' "entrypoint.sh: $1" >&2
    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do shift; done
    if [ $# -lt 2 ]; then exit 127; fi
    shift
    printf '%s\n' "entrypoint.sh: running the job alone, without any app" >&2
    exec "$@"
}

if [ $# -gt 0 ]; then
    case $1 in
    -*) ;;
    *) set -- -- "$@" ;;
    esac
fi

# What crater-run needs before anything else.
if ! [ -L /proc/self/exe ]; then alone "cannot start crater-run: there is no /proc" "$@"; fi

if [ -n "${CRATER_RUN_BINARY:-}" ]; then
    if ! is_program "$CRATER_RUN_BINARY"; then
        alone "cannot start crater-run: CRATER_RUN_BINARY is $CRATER_RUN_BINARY, which is no executable file" "$@"
    fi
    if runs "$CRATER_RUN_BINARY"; then exec "$CRATER_RUN_BINARY" up "$@"; fi
    alone "cannot start crater-run: CRATER_RUN_BINARY is $CRATER_RUN_BINARY, which does not run here" "$@"
fi

# A link to this script says nothing about where the binary is, the script's own directory does. Not every image has
# readlink; without it the link's directory has to do.
crater_run_script=$(readlink -f -- "$0" 2>/dev/null) || crater_run_script=$0
case $crater_run_script in
*/*) crater_run_beside=${crater_run_script%/*}/crater-run ;;
*) crater_run_beside=./crater-run ;;
esac

crater_run_broken=
for crater_run_candidate in \
    "$(command -v crater-run)" \
    "$crater_run_beside" \
    /usr/local/bin/crater-run \
    /opt/crater-run/crater-run \
    /crater-run/crater-run; do # the last: an emptyDir that an init container copied the binary to
    if is_program "$crater_run_candidate"; then
        if runs "$crater_run_candidate"; then exec "$crater_run_candidate" up "$@"; fi
        crater_run_broken=${crater_run_broken:-$crater_run_candidate}
    fi
done

if [ -n "$crater_run_broken" ]; then
    alone "cannot start crater-run: $crater_run_broken does not run here; is it for this kind of machine?" "$@"
fi
alone "cannot find crater-run: not on PATH (${PATH:-empty}), nor at $crater_run_beside, /usr/local/bin/crater-run, \
/opt/crater-run/crater-run or /crater-run/crater-run; put it at one of these or set CRATER_RUN_BINARY" "$@"
