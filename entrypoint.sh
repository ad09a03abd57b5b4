#!/bin/sh
# The container's entry point: runs the job in its arguments, and serves every app that has an ingress rule beside the job.
#
#     ENTRYPOINT ["/entrypoint.sh"]
#     CMD ["python", "train.py"]
#
# becomes `crater-run up -- python train.py`. Without a job, it serves the apps alone. If the first argument is an option, all
# arguments go to `crater-run up`, as in ["/entrypoint.sh", "--linger", "30m", "--"]. Every option also has an environment
# variable.
#
# If CRATER_RUN_BINARY is set, no other place is tried: a user who names a file wants this file or an error.
# The script's variables have a prefix: an assignment to a name that is in the environment would change the job's environment.
set -u

is_program() { [ -f "$1" ] && [ -x "$1" ]; }

# A binary for another kind of machine, or an incomplete one, would keep the job from running.
runs() { "$1" --version >/dev/null 2>&1; }

# If crater-run is missing or broken, the job is run without any app.
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

# crater-run needs /proc before anything else.
if ! [ -L /proc/self/exe ]; then alone "cannot start crater-run: there is no /proc" "$@"; fi

if [ -n "${CRATER_RUN_BINARY:-}" ]; then
    if ! is_program "$CRATER_RUN_BINARY"; then
        alone "cannot start crater-run: CRATER_RUN_BINARY is $CRATER_RUN_BINARY, which is no executable file" "$@"
    fi
    if runs "$CRATER_RUN_BINARY"; then exec "$CRATER_RUN_BINARY" up "$@"; fi
    alone "cannot start crater-run: CRATER_RUN_BINARY is $CRATER_RUN_BINARY, which does not run here" "$@"
fi

# The binary may be beside this script, so a link to the script is resolved first. Not every image has readlink; without
# readlink, the link's own directory is used.
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
    /crater-run/crater-run; do # the last one: an emptyDir into which an init container has copied the binary
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
