package io.portproxy.admin.manage;

import io.portproxy.admin.manage.DefinitionReader.Members;
import io.portproxy.manage.LimitsDefinition;
import java.util.Optional;
import java.util.Set;

/** Reads how much users may have, of a request's body. */
final class LimitsReader {
    private static final Set<String> LIMITS = Set.of(
            "connections",
            "connectionsPerUser",
            "opensPerSecond",
            "opensPerSecondPerUser",
            "bandwidth",
            "bandwidthPerConnection",
            "idleTimeout",
            "maxDuration");

    private static final Set<String> BANDWIDTH = Set.of("in", "out");

    private LimitsReader() {}

    /**
     * The limits of a remote, port or host.
     *
     * @param pointer where that is in the body
     */
    static Optional<LimitsDefinition> read(DefinitionReader reader, Members of, String pointer) {
        String at = pointer + "/limits";
        return of.member("limits").map(node -> {
            Members members = reader.members(node, at, LIMITS);
            return new LimitsDefinition(
                    members.wholeNumber("connections"),
                    members.wholeNumber("connectionsPerUser"),
                    members.wholeNumber("opensPerSecond"),
                    members.wholeNumber("opensPerSecondPerUser"),
                    bandwidth(reader, members, at, "bandwidth"),
                    bandwidth(reader, members, at, "bandwidthPerConnection"),
                    members.text("idleTimeout"),
                    members.text("maxDuration"));
        });
    }

    private static Optional<LimitsDefinition.Bandwidth> bandwidth(
            DefinitionReader reader, Members of, String pointer, String name) {
        return of.member(name).map(node -> {
            Members members = reader.members(node, pointer + "/" + name, BANDWIDTH);
            return new LimitsDefinition.Bandwidth(members.text("in"), members.text("out"));
        });
    }
}
