#!/bin/sh
# The REST routes that most callers need, a function each: curl speaks, python3 reads and writes the JSON. Copy what you need.
set -eu

usage() {
  cat <<'TEXT'
sh jobs.sh send FILE [name=value…]      send a file, create its job, follow it, print its text
sh jobs.sh upload FILE                  send a file; prints the id that serves as a NAME
sh jobs.sh create NAME [name=value…]    create a pdf job of a file on the server or of an upload; prints its id
sh jobs.sh batch TITLE NAME…            create one job for each NAME, together; prints the batch's id
sh jobs.sh stream JOB                   follow a job live, also over a connection that is lost
sh jobs.sh poll JOB|BATCH [SECONDS]     ask again and again until it has ended, where nothing can be streamed
sh jobs.sh show JOB                     all about a job, as JSON
sh jobs.sh text JOB                     the text that it read
sh jobs.sh download JOB                 everything it produced, as JOB.zip
sh jobs.sh cancel|retry JOB
sh jobs.sh receive [PORT]               listen for webhooks (receive.py)

SECRETARY_URL      where the service is; http://localhost:5001 when not set
SECRETARY_API_KEY  your key; you are asked for it when not set
IDEMPOTENCY_KEY    for create and batch: the same key gives the same answer again and never a second job
TEXT
}

URL=${SECRETARY_URL:-http://localhost:5001}
URL=${URL%/}

say() { printf '%s\n' "$*" >&2; }

ask_for_key() {
  [ -z "${SECRETARY_API_KEY:-}" ] || return 0
  [ -t 0 ] || { say 'Set SECRETARY_API_KEY to your key.' && exit 2; }
  trap 'stty echo; exit 130' INT
  stty -echo
  printf 'API key: ' >&2
  IFS= read -r SECRETARY_API_KEY
  stty echo && say
  trap - INT
}

# The key reaches curl as a file, so that it stands in no list of processes.
call() {
  curl --silent --show-error --header @/dev/fd/3 "$@" 3<<HEADER
Authorization: Bearer $SECRETARY_API_KEY
HEADER
}

# What the JSON answer has at each path, a line each. A refusal is told in the service's own words and is a failure.
pick() {
  python3 -c '
import json, sys
try:
    answer = json.load(sys.stdin)
except ValueError:
    sys.exit("No answer of secretary came back. Is SECRETARY_URL right?")
if answer.get("error"):
    sys.exit("{code}: {message}".format(**answer["error"]))
for path in sys.argv[1:]:
    found = answer
    for name in path.split("."):
        found = (found or {}).get(name)
    line = found if isinstance(found, str) else json.dumps(found, indent=2, ensure_ascii=False)
    sys.stdout.buffer.write(line.encode() + b"\n")
' "$@"
}

post() { # PATH, the JSON from standard input
  call --header 'Content-Type: application/json' --data-binary @- \
    ${IDEMPOTENCY_KEY:+--header "Idempotency-Key: $IDEMPOTENCY_KEY"} "$URL$1"
}

upload() { # FILE
  form=$(attached "$1")
  call --form "$form" "$URL/api/files" | pick data.file_id
}

attached() { # FILE, as curl wants it: in quotes, whatever its name
  [ -r "$1" ] || { say "$1 cannot be read." && return 1; }
  printf 'file=@"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"
}

create() { # NAME [name=value…]; what reads as JSON is taken as such: page_end=2, include_images=true, webhook={"url": …}
  python3 -c '
import json, sys
def value(text):
    try:
        return json.loads(text)
    except ValueError:
        return text
pairs = (argument.partition("=") for argument in sys.argv[2:])
parameters = {"filename": sys.argv[1], **{name: value(text) for name, _, text in pairs}}
print(json.dumps({"job_type": "pdf", "parameters": parameters}))
' "$@" | post /api/jobs/ | pick data.job_id
}

batch() { # TITLE NAME…
  python3 -c '
import json, sys
jobs = [{"job_type": "pdf", "parameters": {"filename": name}} for name in sys.argv[2:]]
print(json.dumps({"batch_name": sys.argv[1], "jobs": jobs}))
' "$@" | post /api/jobs/batch | pick data.batch_id
}

# Each change as the service tells it, from the present state to the end. When the connection is lost, the id of the last event
# brings back what was missed, and nothing twice.
stream() { # JOB
  seen='' pause=1
  while :; do
    told=$(call --no-buffer ${seen:+--header "Last-Event-ID: $seen"} "$URL/api/jobs/$1/stream" | events "$seen") || return 1
    case $told in
      completed) return 0 ;;
      failed) return 1 ;;
      '') say "$URL does not answer." && return 2 ;;
      "$seen") pause=$((pause < 8 ? pause * 2 : 8)) ;;
      *) seen=$told pause=1 ;;
    esac
    end_of_bar
    say "The connection is lost; coming back in $pause s."
    sleep "$pause"
  done
}

# Shows Server-Sent Events from standard input. Prints how the job ended, or the id of the last event when it has not.
events() { # ID
  last=$1 id='' event='' data=''
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      'id: '*) id=${line#id: } ;;
      'event: '*) event=${line#event: } ;;
      'data: '*) data=${line#data: } ;;
      '{'*'"UNAVAILABLE"'* | '{'*'"RATE_LIMITED"'*) ;; # later, perhaps
      '{'*) printf '%s' "$line" | pick || return 1 ;;  # a refusal in place of a stream
      '')                                              # only now the event is whole
        [ -n "$data" ] || continue
        printf '%s' "$data" | told "$event"
        case $event in completed) last=completed ;; error) last=failed ;; *) last=$id ;; esac
        data=''
        ;;
    esac
  done
  printf '%s' "$last"
}

told() { # EVENT, its data from standard input
  case $1 in
    error)
      end_of_bar
      pick || true
      ;;
    *) pick progress.percent progress.message | bar ;;
  esac
}

bar() { # percent and message from standard input: a bar on a terminal, lines elsewhere
  read -r percent && IFS= read -r message
  [ -t 2 ] || { say "$percent % $message" && return; }
  printf '\r\033[K[%-20s] %3d %%  %s' "$(printf "%$((percent / 5))s" '' | tr ' ' '#')" "$percent" "$message" >&2
  [ "$percent" -lt 100 ] || say
}

end_of_bar() { [ ! -t 2 ] || say; }

poll() { # JOB|BATCH [SECONDS]
  case $1 in batch-*) path=/api/jobs/batch/$1 ;; *) path=/api/jobs/$1 ;; esac
  while :; do
    status=$(call "$URL$path" | pick data.status) || return 1
    say "$status"
    case $status in
      completed) return 0 ;;
      failed) return 1 ;;
    esac
    sleep "${2:-2}"
  done
}

show() { call "$URL/api/jobs/$1" | pick data; }

text() { call "$URL/api/jobs/$1" | pick data.results.structured_data.extracted_text; }

cancel() { call --request POST "$URL/api/jobs/$1/cancel" | pick data.status; }

retry() { call --request POST "$URL/api/jobs/$1/retry" | pick data.status; }

download() { # JOB
  code=$(call --output "$1.part" --write-out '%{http_code}' "$URL/api/jobs/$1/download-archive")
  case $code in
    200) mv "$1.part" "$1.zip" && printf '%s\n' "$1.zip" && return ;;
    202) say 'The job has not ended yet.' ;;
    *) pick <"$1.part" || true ;;
  esac
  rm -f "$1.part"
  return 1
}

send() { # FILE [name=value…]
  form=$(attached "$1")
  shift
  for parameter in "$@"; do
    set -- "$@" --form-string "$parameter"
    shift
  done
  job=$(call --form "$form" "$@" "$URL/api/jobs/" | pick data.job_id)
  say "$job"
  stream "$job"
  text "$job"
}

command=${1:-help}
[ $# -eq 0 ] || shift
case $command in
  receive) exec python3 "$(dirname "$0")/receive.py" "$@" ;;
  send | upload | create | batch | stream | poll | show | text | download | cancel | retry)
    [ $# -gt 0 ] || { usage >&2 && exit 2; }
    ask_for_key
    "$command" "$@"
    ;;
  help) usage ;;
  *) usage >&2 && exit 2 ;;
esac
