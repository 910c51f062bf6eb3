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
 * The settings for certificates by ACME.
 *
 * @param directory the URL of the authority's directory (RFC 8555, section 7.1.1)
 * @param trust the certificates to trust at the authority's web server; empty for those that Java trusts. It is called for each new session
 * @param email the address at which the authority may contact the operator; empty for none
 * @param challenges the challenges in the order of preference; after a failed attempt, the next attempt uses the next one. Not empty
 * @param names the names that always need certificates, checked by {@link HostNames}
 * @param folder the folder for the files of all authorities
 * @param httpBind where http-01 is answered while a challenge is open; empty if another server answers it
 * @param retryInitial the pause after the first failure
 * @param retryMax the longest pause
 * @param renewAfterPercent the part of a certificate's lifetime after which it is renewed, in percent, if the authority suggests no time
 * @param maxNames the largest number of names that get certificates
 * @param maxOrdersPerHour the largest number of orders in an hour, for all names together
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
    /** Copies the lists and checks that there is a challenge. */
    public AcmeSettings {
        challenges = List.copyOf(challenges);
        names = Set.copyOf(names);
        if (challenges.isEmpty()) {
            throw new IllegalArgumentException("there must be a challenge");
        }
    }

    /**
     * Returns the folder of this authority. Each authority has its own, because another one cannot use an account or certificates from it.
     */
    Path authorityFolder() {
        return authorityFolder(directory, folder);
    }

    static Path authorityFolder(URI directory, Path folder) {
        String where = directory.getRawAuthority() + directory.getRawPath();
        return folder.resolve(where.replaceAll("[^A-Za-z0-9.-]+", "_").replaceAll("^[._]+|_+$", ""));
    }
}
