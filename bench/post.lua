-- post.lua - what wrk posts: wrk ... URL -- FILE.  Prints its findings as one line of words:
-- requests SECONDS p99-in-milliseconds failures.
function init(arguments)
    local file = assert(io.open(arguments[1], "rb"))

    wrk.method = "POST"
    wrk.body = file:read("*a")
    wrk.headers["Content-Type"] = "application/json"
    file:close()
end

function done(summary, latency)
    local e = summary.errors

    print(string.format("wrk: %d %.6f %.4f %d", summary.requests, summary.duration / 1e6,
        latency:percentile(99) / 1e3, e.connect + e.read + e.write + e.status + e.timeout))
end
