package io.portproxy.acme;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * How certificates are got.
 *
 * @param directory the authority's directory (RFC 8555, section 7.1.1)
 * @param trust whom to trust as the authority's web server; empty for those that Java trusts. Asked at each new session
 * @param email where the authority may write to; empty for nowhere
 * @param challenges in the order of preference; an attempt that has failed is followed by one with the next. Not empty
 * @param names those that are wanted always, checked by {@link HostNames}
 * @param folder for what is kept, of all authorities
 * @param httpBind where http-01 is answered while a challenge is open; empty if somebody else does it
 * @param retryInitial how long to wait after the first failure
 * @param retryMax how long to wait at most
 * @param renewAfterPercent of a certificate's life, where the authority suggests no time
 * @param maxNames that get certificates at a time
 * @param maxOrdersPerHour for all names together
 */
public record AcmeSettings(
        URI directory,
        Optional<Supplier<SSLContext>> trust,
        Optional<String> email,
        List<ChallengeType> challenges,
        Set<String> names,
        Path folder,
        Optional<InetSocketAddress> httpBind,
        Duration retryInitial,
        Duration retryMax,
        int renewAfterPercent,
        int maxNames,
        int maxOrdersPerHour) {
    /** Checks and copies. */
    public AcmeSettings {
        challenges = List.copyOf(challenges);
        names = Set.copyOf(names);
        if (challenges.isEmpty()) {
            throw new IllegalArgumentException("there must be a challenge");
        }
    }

    /** The folder of this authority: what one has issued is of no use with another. */
    Path authorityFolder() {
        return authorityFolder(directory, folder);
    }

    static Path authorityFolder(URI directory, Path folder) {
        String where = directory.getRawAuthority() + directory.getRawPath();
        return folder.resolve(where.replaceAll("[^A-Za-z0-9.-]+", "_").replaceAll("^[._]+|_+$", ""));
    }
}
