# What look-further goes by, of a job that the gate would let in and of the policy that lets it in. For jq 1.5 and later.
#
# $job, $policy  as for decide.jq, which has looked at both
# $ask           checks, ancestor, or identity
# $token         for identity: what Buildkite says of the job, as it came; null where it said nothing
# $id            the job that the agent runs this for

def told($name): .["BUILDKITE_" + $name] // "";
def line: if any(explode[]; . < 32 or . == 127) then error("a line end") else . end;

$job[0] as $job
| $policy[0] as $policy
| ($policy.pipelines | map(select(.uuid == ($job | told("PIPELINE_ID")))) | first) as $pipeline
| if $ask == "checks" then ($policy.checks // [])[]
  elif $ask == "ancestor" then
    ($pipeline.repository | line)
    , ($job | told("TAG") as $tag | if $tag == "" then "refs/heads/" + told("BRANCH") else "refs/tags/" + $tag end | line)
    , ($job | told("COMMIT") | line)
  else
    {
      aud: "bridle-gate",
      iss: "https://agent.buildkite.com",
      organization_id: $policy.organization.uuid,
      cluster_id: $policy.cluster.uuid,
      queue_id: $policy.queue.uuid,
      pipeline_id: $pipeline.uuid,
      job_id: $id,
      build_branch: ($job | told("BRANCH")),
      build_commit: ($job | told("COMMIT")),
      build_source: ($job | told("SOURCE"))
    } as $expected
    | if ($token | type) != "object" then "no claims that can be read"
      else [$expected | keys[] | select($token[.] != $expected[.])] as $others
        | if ($others | length) > 0 then "another " + $others[0]
          else ($job | told("TAG")) as $tag
            | if ($token.build_tag // "") != $tag then "another build_tag" else empty end
          end
      end
  end
