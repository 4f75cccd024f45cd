#!/bin/sh
# An agent without a model: what it does stands in its prompt. Runs in busybox and in any other POSIX shell.
ipc=${WHEELHOUSE_AGENT_IPC:-/workspace/ipc}
group=${WHEELHOUSE_AGENT_GROUP:-/workspace/group}

emit() { printf '%s\n%s\n%s\n' '---NANOCLAW_OUTPUT_START---' "$1" '---NANOCLAW_OUTPUT_END---'; }
say() { emit "{\"status\":\"success\",\"result\":\"$1\",\"newSessionId\":\"session-1\"}"; }

heard() { say "heard $(printf '%s' "$1" | sed 's/.*"text":"\([^"]*\)".*/\1/')"; }

# Answers every question `q-<n>` that it is given and notes how far it is, as answering-agent.mjs does, and as slowly.
answer() {
  questions=$(printf '%s' "$1" | grep -o 'q-[0-9]*' | tr '\n' ' ')
  [ -n "$questions" ] || return 0
  echo "began $questions" >> "$group/steps.log"
  sleep 0.15
  say "<internal>easy</internal>answer $questions"
  echo "answered $questions" >> "$group/steps.log"
  sleep 0.15
}

# Hands each follow-up to $1, in order, until it is asked to end.
serve() {
  while :; do
    for file in "$ipc"/input/*.json; do
      [ -e "$file" ] || continue
      message=$(cat "$file")
      rm -f "$file"
      "$1" "$message"
    done
    if [ -e "$ipc/input/_close" ]; then
      rm -f "$ipc/input/_close"
      return
    fi
    sleep 0.02
  done
}

input=$(cat)
scenario=$(printf '%s' "$input" | sed 's/.*"prompt":"\([a-z-]*\).*/\1/')
# In a prompt made of chat messages it stands as "do:scenario".
[ -n "$scenario" ] || scenario=$(printf '%s' "$input" | sed 's/.*do:\([a-z-]*\).*/\1/')

case $scenario in
  answer)
    echo 'some noise on stdout'
    echo 'some noise on stderr' >&2
    say 'hello'
    ;;
  measure) say "$(printf '%s' "$input" | wc -c | tr -d ' ') $(printf '%s' "$input" | md5sum | cut -c1-32)" ;;
  serve)
    say 'ready'
    serve heard
    ;;
  chat)
    answer "$input"
    serve answer
    ;;
  deaf)
    say 'ready'
    while :; do sleep 0.05; done
    ;;
  polite)
    trap 'say "goodbye"; exit 0' TERM
    say 'ready'
    while :; do sleep 0.05; done
    ;;
  stubborn)
    trap '' TERM
    say 'ready'
    while :; do sleep 0.05; done
    ;;
  noisy)
    trap 'exit 143' TERM
    while :; do
      echo 'still thinking' >&2
      echo 'still thinking'
      sleep 0.02
    done
    ;;
  family)
    sleep 1000 &
    say "child $!"
    wait
    ;;
  leave-child)
    sleep 1000 &
    say "child $!"
    ;;
  silent) echo 'nothing between markers' ;;
  fail)
    echo 'the disk of the agent is on fire' >&2
    exit 3
    ;;
  answer-and-fail)
    say 'half of it'
    exit 4
    ;;
  report-error) emit '{"status":"error","result":null,"newSessionId":"bad","error":"the model refused"}' ;;
  killed) kill -9 $$ ;;
  broken)
    emit '{"status":"succ'
    printf '%s\n' '---NANOCLAW_OUTPUT_START---' '{"half'
    say 'after the mess'
    ;;
  flood)
    yes 'a line of a flood that nobody can read' | head -c 100000000
    say 'still here'
    ;;
  long-block)
    printf '%s\n"' '---NANOCLAW_OUTPUT_START---'
    yes 'x' | tr -d '\n' | head -c 12000000
    printf '"\n%s\n' '---NANOCLAW_OUTPUT_END---'
    say 'still here'
    ;;
  leak)
    echo "$input"
    echo "$input" >&2
    say "$(printf '%s' "$input" | sed 's/.*"ANTHROPIC_API_KEY":"\([^"]*\)".*/\1/')"
    serve heard
    ;;
  swallow)
    # One that holds all it can of what never ends.
    held=$(tr '\0' 'x' < /dev/zero)
    say "${#held}"
    ;;
  run-*)
    command=$(printf '%s' "$input" | sed 's/.*"prompt":"run-\([^"]*\)".*/\1/')
    say "$(sh -c "$command" 2>&1 | tr '\n\t"' "| '")"
    ;;
  *)
    echo "unknown scenario: $scenario" >&2
    exit 64
    ;;
esac
