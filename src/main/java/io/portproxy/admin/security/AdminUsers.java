package io.portproxy.admin.security;

import io.portproxy.manage.AccountManager;
import io.portproxy.manage.StoredUser;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/** The users who may log in: first those in configuration files, then those of the store. Any thread. */
final class AdminUsers implements UserDetailsService {
    private final InMemoryUserDetailsManager ofFiles;
    private final Optional<AccountManager> accounts;

    /** @param accounts the users of the store; empty if this process has none */
    AdminUsers(List<AdminSettings.User> ofFiles, Optional<AccountManager> accounts) {
        this.ofFiles = new InMemoryUserDetailsManager(ofFiles.stream()
                .map(user -> details(user.name(), user.password(), user.rights()))
                .toList());
        this.accounts = accounts;
    }

    @Override
    public UserDetails loadUserByUsername(String name) {
        if (ofFiles.userExists(name)) {
            return ofFiles.loadUserByUsername(name);
        }
        StoredUser user = accounts.flatMap(there -> there.user(name.toLowerCase(Locale.ROOT)))
                .orElseThrow(() -> new UsernameNotFoundException("no such user"));
        return details(user.name(), user.password(), Rights.ofKept(user.role()));
    }

    private static UserDetails details(String name, String password, Rights rights) {
        return User.withUsername(name)
                .password(password)
                .authorities(rights.authorities())
                .build();
    }
}
