#!/bin/sh
# A hook's program: what is tagged "owner: payments" is asked about, whatever the plan says. The call comes as one line of JSON on standard input;
# nothing printed and exit code 0 is no objection, exit code 2 is one (its reason on standard error), and so is what is printed here.
if grep -q '{"name":"owner","value":"payments"}'; then
  echo '{"decision": "ask", "reason": "Payments decides about what is its own"}'
fi
exit 0
