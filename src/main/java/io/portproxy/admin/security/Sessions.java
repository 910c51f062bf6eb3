package io.portproxy.admin.security;

import java.security.Principal;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.security.core.session.SessionInformation;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.stereotype.Component;

/** The browsers in which people are logged in. Any thread. */
@Component
@ConditionalOnWebApplication
public final class Sessions {
    private final SessionRegistry registry;

    Sessions(SessionRegistry registry) {
        this.registry = registry;
    }

    /** Logs a user out everywhere. Each browser has to log in again at its next request. */
    public void end(String user) {
        registry.getAllPrincipals().stream()
                .filter(principal -> name(principal).equals(user))
                .flatMap(principal -> registry.getAllSessions(principal, false).stream())
                .forEach(SessionInformation::expireNow);
    }

    private static String name(Object principal) {
        if (principal instanceof UserDetails user) {
            return user.getUsername();
        }
        return principal instanceof Principal named ? named.getName() : String.valueOf(principal);
    }
}
