# What a person reads on the page of a build that the gate refused. Whatever came with the job is escaped and cut short;
# nothing of the policy is told, since not all who see the build may know it.

# Line ends would begin something new.
def escaped:
  tostring
  | (explode | map(if . < 32 or . == 127 then 32 else . end) | implode)
  | (if length > 160 then .[0:160] + "..." else . end)
  | @html
  | split("`") | join("&#96;");
def code: "<code>" + escaped + "</code>";
def pipeline: .pipeline | code;

def says: {
  "ancestor": "The commit is not shown to be in the branch that it is said to be of: \(.saw | code).",
  "branch": "Branch \(.saw | code) is none of those that \(pipeline) may run on these agents.",
  "checks": "What the gate had to look at gave no answer in time.",
  "clock": "The clock of this machine, at \(.saw | code), is behind the policy that it was given.",
  "cluster": "The job says that it is of cluster \(.saw | code).",
  "code": "The job sets \(.saw | code), which decides what code runs, or where it is fetched from.",
  "command": "The command of the job is none of those that \(pipeline) may run on these agents.",
  "commit": "The build is of \(.saw | code), and not of a whole commit hash.",
  "creator": "Whoever made the build is in none of the teams that may make builds of \(pipeline) by hand.",
  "environment": "The job sets \(.saw | code), which Buildkite does not, and no file allows.",
  "expired": "The policy of these agents was good until \(.saw | code). The next `bridle apply` renews it.",
  "identity": "Buildkite did not sign what the job says of itself: \(.saw | code).",
  "installation": "The gate is not installed as it should be: \(.saw | code).",
  "job-file": "What the agent says of the job can't be read: \(.saw | code).",
  "metadata": "A job on this machine could get at the role of the machine: \(.saw | code) answers.",
  "organization": "The job says that it is of organization \(.saw | code).",
  "pipeline": "Pipeline \(.saw | code) is none of those that may use these agents.",
  "plugins": "Plugin \(.saw | code) is not allowed here: a plugin is named with the commit that it is pinned to.",
  "policy": "These agents have no policy that can be used: \(.saw | code).",
  "pull-request": "The build is of pull request \(.saw | code).",
  "queue": "The job was for queue \(.saw | code).",
  "repository": "The pipeline fetches from \(.saw | code), which is not its declared repository.",
  "source": (if .saw == .value then "The build was started by \(.saw | code), and may not be."
    else "The build is \(.saw | code), which somebody starts by hand, and no build of \(pipeline) may be." end),
  "tag": "The build is of tag \(.saw | code).",
  "trigger": "The build was started by a build of \(.saw | code), and may not be."
};

# What would let in more than it names: then there is no line that allows just that.
def is_pattern: (.key == "branches" or .key == "tags") and (.value | contains("*") or startswith("!"));

# A text as a line of YAML has it: JSON is YAML.
def allowing:
  if .key == null or is_pattern then []
  else
    (if .key == "pull_requests" then .value else "[" + (.value | tojson) + "] # beside those that are there" end) as $value
    | ["", "If that should be let in, declare it:", "",
      "<pre><code>" + (["pipelines:", "  \(.pipeline | tojson):", "    hook:", "      \(.key): \($value)"]
        | map(@html) | join("\n") | split("`") | join("&#96;")) + "</code></pre>"]
  end;

.rule as $rule
| (if .mode == "warn" then "would have refused" else "refused" end) as $did
| ([
    "**The gate of \(if (.queue // "") == "" or .queue == "/" then "these agents" else "queue " + (.queue | code) end) \($did) this job** (\($rule | code)\(if (.serial | type) == "number" then ", policy \(.serial)" else "" end))",
    "",
    (says[$rule] // "It is not let in.")
  ] + allowing)
| join("\n")
