package io.portproxy.config.properties;

import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;

/**
 * The roles of this process, from the active profiles.
 *
 * @param server whether it is a proxy server
 * @param client whether it is a remote
 * @param demo whether it runs the demonstration's targets, beside both roles
 * @param echo whether it runs the demonstration's echo target
 * @param trial whether it connects as a user to try a tunnel, and then ends; needs no role
 */
public record Roles(boolean server, boolean client, boolean demo, boolean echo, boolean trial) {
    public static final String SERVER = "server";
    public static final String CLIENT = "client";
    public static final String DEMO = "demo";
    static final String ECHO = "echo";
    static final String TRIAL = "trial";

    /**
     * Reads the active profiles.
     *
     * @throws NoRoleException none of the profiles of a role or a trial is active
     */
    public static Roles of(Environment environment) {
        Roles roles = new Roles(
                active(environment, SERVER),
                active(environment, CLIENT),
                active(environment, DEMO),
                active(environment, ECHO) || active(environment, DEMO),
                active(environment, TRIAL));
        if (!roles.server && !roles.client && !roles.trial) {
            throw new NoRoleException();
        }
        return roles;
    }

    private static boolean active(Environment environment, String profile) {
        return environment.acceptsProfiles(Profiles.of(profile));
    }

    /** Thrown if no role is active. The message lists the roles. */
    public static final class NoRoleException extends FailureAnalyzedException {
        private static final long serialVersionUID = 1L;

        NoRoleException() {
            super("No role was chosen: none of the profiles server, client and demo is active.", """
                Start with a command, such as connect or serve, which --help lists; with one of these options; or set
                SPRING_PROFILES_ACTIVE in the environment:
                  --spring.profiles.active=server         expose ports for remotes
                  --spring.profiles.active=client         carry a server's ports to targets
                  --spring.profiles.active=server,client  both in one process
                  --spring.profiles.active=demo           both, with targets, on loopback, to try it out""");
        }
    }
}
