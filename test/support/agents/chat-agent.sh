#!/bin/sh
# An agent without a model that serves a chat: it does what stands behind `do:` in what it is told.
ipc=$WHEELHOUSE_AGENT_IPC

say() { printf '%s\n{"status":"success","result":"%s","newSessionId":"session-1"}\n%s\n' '---NANOCLAW_OUTPUT_START---' "$1" '---NANOCLAW_OUTPUT_END---'; }

input=$(cat)
echo 'thinking' >&2
order=$(printf '%s' "$input" | sed 's/.*do: \([a-z]*\) \{0,1\}\([a-z]*\).*/\1 \2/')
case $order in
  'say '*) say "${order#say }" ;;
  'fail '*) exit 3 ;;
  'hang '*) sleep 1000 ;;
  # Prints 40 lines, and answers once the file `<word>` is in its folder.
  'print '*)
    for n in $(seq 40); do echo "step $n"; done
    while [ ! -e "$WHEELHOUSE_AGENT_GROUP/${order#print }" ]; do sleep 0.02; done
    say "${order#print }"
    ;;
esac

while :; do
  for file in "$ipc"/input/*.json; do
    [ -e "$file" ] || continue
    text=$(sed 's/.*do: \([a-z ]*\).*/\1/' "$file")
    rm -f "$file"
    say "heard: $text"
  done
  if [ -e "$ipc/input/_close" ]; then
    rm -f "$ipc/input/_close"
    exit 0
  fi
  sleep 0.02
done
