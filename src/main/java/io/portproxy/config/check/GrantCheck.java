package io.portproxy.config.check;

import io.portproxy.config.check.HostPort.InvalidAddressException;
import io.portproxy.config.check.HostPort.UnresolvedException;
import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.GrantProperties;
import io.portproxy.http.HostName;
import io.portproxy.net.Durations;
import io.portproxy.server.Grant;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks the ports and the host that a remote may ask for, and turns them into settings. */
final class GrantCheck {
    private static final int MAX_PORTS = 1000;
    private static final int MAX_REMOTES = 10_000;
    private static final Duration LONGEST = Duration.ofDays(30);

    private final Set<String> gateways;
    private final Problems problems;

    /** @param gateways the names of all gateways */
    GrantCheck(Set<String> gateways, Problems problems) {
        this.gateways = gateways;
        this.problems = problems;
    }

    /**
     * Returns the settings; empty if there are problems at the place. May block on name resolution.
     *
     * @param place the place of the grant in the configuration
     * @param template whether the grant is a template's
     */
    Optional<Grant> run(Place place, GrantProperties grants, boolean template) {
        boolean hostOnly = grants.ports() == null && grants.hosts() != null;
        Optional<Range> range = hostOnly ? Optional.of(Range.NONE) : range(place.key("ports"), grants.ports());
        Optional<String> hosts = Optional.ofNullable(grants.hosts());
        hosts.ifPresent(text -> hosts(place.key("hosts"), text, template));
        RangeCheck ranges = new RangeCheck(problems, place);
        ranges.number("max", grants.max(), 1, MAX_PORTS);
        ranges.number("max-remotes", grants.maxRemotes(), 1, MAX_REMOTES);
        if (grants.sticky().isNegative() || grants.sticky().compareTo(LONGEST) > 0) {
            ranges.problem(
                    "sticky",
                    Durations.text(grants.sticky()),
                    "is out of range",
                    "write 0s to " + Durations.text(LONGEST));
        }
        Optional<InetAddress> bind = bind(place.key("bind"), grants.bind());
        if (range.isEmpty() || bind.isEmpty() || problems.areAt(place)) {
            return Optional.empty();
        }
        return Optional.of(new Grant(
                bind.get(),
                range.get().first,
                range.get().last,
                grants.max(),
                grants.sticky(),
                grants.maxRemotes(),
                hosts));
    }

    private record Range(int first, int last) {
        private static final Range NONE = new Range(Grant.NO_PORT, Grant.NO_PORT);
    }

    private void hosts(Place place, String text, boolean template) {
        String fix = "write a host in which {name} stands for the remote's name, such as {name}.dev.example.com";
        int at = text.indexOf(Grant.NAME);
        if (text.indexOf(Grant.NAME, at + 1) > at && at >= 0) {
            problems.add(place, text, "has {name} twice", fix);
        } else if (template && at < 0) {
            problems.add(place, text, "is the same for each remote of the template", fix);
        } else if (gateways.isEmpty()) {
            problems.add(
                    place,
                    text,
                    "cannot be reached: there is no gateway",
                    "write portproxy.server.gateways with a name and bind, such as {name: web, bind: 0.0.0.0:80}");
        } else {
            try {
                HostName.require(text.replace(Grant.NAME, "x"));
            } catch (IllegalArgumentException e) {
                problems.add(place, text, String.valueOf(e.getMessage()), fix);
            }
        }
    }

    private Optional<Range> range(Place place, @Nullable String text) {
        String fix = "write the lowest and the highest port, such as 20000-20999";
        if (text == null) {
            problems.add(place, null, "is missing", fix);
            return Optional.empty();
        }
        int dash = text.indexOf('-');
        try {
            int first = HostPort.port(
                    dash < 0 ? text.strip() : text.substring(0, dash).strip());
            int last = dash < 0 ? first : HostPort.port(text.substring(dash + 1).strip());
            if (first == 0) {
                problems.add(place, text, "has port 0, which is no port", fix);
            } else if (last < first) {
                problems.add(place, text, "has its highest port first", fix);
            } else {
                return Optional.of(new Range(first, last));
            }
        } catch (InvalidAddressException e) {
            problems.add(place, text, e.reason(), fix);
        }
        return Optional.empty();
    }

    private Optional<InetAddress> bind(Place place, String text) {
        String fix =
                "write an address of this machine without a port: 127.0.0.1 for this machine alone, or 0.0.0.0 for all";
        boolean withPort =
                !text.startsWith("[") && text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':');
        boolean isAddress = !withPort && text.matches("[A-Za-z0-9._:%\\[\\]-]+") && !text.matches("[0-9]+");
        if (!isAddress) {
            problems.add(place, text, "is not an address of this machine", fix);
            return Optional.empty();
        }
        try {
            return Optional.of(new HostPort(text, 0).resolve(fix));
        } catch (UnresolvedException e) {
            problems.addPassing(place, text, e.reason(), fix);
            return Optional.empty();
        }
    }
}
