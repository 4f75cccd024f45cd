#!/bin/sh
# Does a scheduled task `count: NAME` by adding a line NAME to $1, slowly enough to be killed in the middle.
input=$(cat)
name=$(printf '%s' "$input" | sed 's/.*count: \([a-z0-9-]*\).*/\1/')
echo "$name" >> "$1"
sleep 0.1
printf '%s\n{"status":"success","result":"%s"}\n%s\n' '---NANOCLAW_OUTPUT_START---' "$name" '---NANOCLAW_OUTPUT_END---'
