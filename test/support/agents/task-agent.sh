#!/bin/sh
# An agent without a model that does one scheduled task: what has `(fails)` in it goes wrong, what has `(hangs)` never ends.
input=$(cat)
say() { printf '%s\n%s\n%s\n' '---NANOCLAW_OUTPUT_START---' "$1" '---NANOCLAW_OUTPUT_END---'; }
case $input in
  *'(fails)'*) say '{"status":"error","result":null,"error":"The letter box is locked"}'; exit 1 ;;
  *'(hangs)'*) sleep 1000 ;;
  *) say '{"status":"success","result":"Nothing urgent. One letter from the bank can wait until Monday."}' ;;
esac
