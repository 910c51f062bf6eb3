package io.portproxy.manage;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Describes, for people, which entries still need a gateway that a change removes or changes. */
final class GatewayNeeds {
    private static final int MOST_NAMED = 5;
    private static final Pattern HOST = Pattern.compile("/[^/]*/hosts/(\\d+)(?:/.*)?");

    private GatewayNeeds() {}

    /** Describes a gateway that the change does not contain, and that would have to close. */
    static String text(PlannedGateway gateway) {
        return "gateway " + gateway.name() + " could not stay open: "
                + gateway.problems().stream()
                        .map(problem -> key(problem) + " " + said(problem))
                        .collect(Collectors.joining("; "))
                + "; change that one first";
    }

    private static String key(ChangeProblem problem) {
        return problem.pointer().replaceFirst("^/[^/]*/?", "");
    }

    /** Describes what a remote that the change does not contain would lose. */
    static String text(RemoteDefinition remote, ChangeProblem problem) {
        Matcher host = HOST.matcher(problem.pointer());
        String what = host.matches()
                ? "host " + remote.hosts().get(Integer.parseInt(host.group(1))).address() + " of "
                : "";
        return what + "remote " + remote.name() + " needs it (" + said(problem) + ")";
    }

    private static String said(ChangeProblem problem) {
        return problem.value().map(value -> value + " ").orElse("") + problem.reason();
    }

    /** Combines these descriptions. */
    static String text(List<String> lost) {
        return String.join("; ", lost.subList(0, Math.min(lost.size(), MOST_NAMED)))
                + (lost.size() > MOST_NAMED ? "; and " + (lost.size() - MOST_NAMED) + " more" : "")
                + ": change these first, or name other gateways there";
    }
}
