"""What menus, spam and cookie notices say in four languages, for benchmarks/quality_junk.py.

Lists are in no order: every second entry makes the texts of one half, so that limits are tried on words that they were
not tuned on.
"""


def listed(text: str) -> tuple[str, ...]:
    """The parts between bars or on lines."""
    return tuple(part.strip() for line in text.strip().splitlines() for part in line.split("|") if part.strip())


MENU = {
    "en": listed("""
        Home|About us|Products|Contact|Log in|Sign up|Shopping cart|Imprint|Careers|Press|Blog|Help|FAQ|Sitemap|Search
        Privacy policy|Terms of use|Newsletter|News|Events|Gallery|Downloads|Support|Community|Forum|My account
        Wish list
        Men's shoes|Women's jackets|Kitchen and dining|Garden tools|Sports and outdoors|Books|Music|Special offers
        Shipping and returns|Payment methods|Gift cards|Store locator|Follow us on Twitter|Share this page|Print
        Next page|Previous page|Back to top|Read more|View all|Show less|Latest articles|Most popular|Related links
        Politics|Business|Technology|Science|Health|Travel|Opinion|Weather|Video|Photos|Archive|RSS feed
        Advertise with us
        Site map|Accessibility|Legal notice|Partners|Our team|Working here|Investor relations|Customer service
    """),
    "de": listed("""
        Startseite|Über uns|Produkte|Kontakt|Anmelden|Registrieren|Warenkorb|Impressum|Karriere|Presse|Blog|Hilfe|FAQ
        Datenschutz|AGB|Newsletter|Aktuelles|Termine|Galerie|Downloads|Service|Gemeinschaft|Forum|Mein Konto|Merkzettel
        Herrenschuhe|Damenjacken|Küche und Haushalt|Gartengeräte|Sport und Freizeit|Bücher|Musik|Sonderangebote
        Versand und Rückgabe|Zahlungsarten|Gutscheine|Filialfinder|Folgen Sie uns|Seite teilen|Drucken|Sitemap|Suche
        Nächste Seite|Vorherige Seite|Nach oben|Weiterlesen|Alle anzeigen|Weniger|Neueste Artikel|Meistgelesen
        Verwandtes
        Politik|Wirtschaft|Technik|Wissenschaft|Gesundheit|Reise|Meinung|Wetter|Videos|Bilder|Archiv|RSS-Feed|Werbung
        Barrierefreiheit|Rechtliche Hinweise|Partner|Unser Team|Stellenangebote|Investoren|Kundendienst|Ausschreibungen
    """),
    "fr": listed("""
        Accueil|À propos|Produits|Contact|Connexion|Inscription|Panier|Mentions légales|Carrières|Presse|Blog|Aide|FAQ
        Vie privée|Conditions générales|Newsletter|Actualités|Agenda|Galerie|Téléchargements|Assistance|Communauté|Forum
        Mon compte|Liste d'envies|Chaussures homme|Vestes femme|Cuisine et maison|Outils de jardin|Sports et loisirs
        Livres|Musique|Offres spéciales|Livraison et retours|Moyens de paiement|Cartes cadeaux|Nos magasins|Suivez-nous
        Partager|Imprimer|Plan du site|Recherche|Page suivante|Page précédente|Haut de page|Lire la suite|Tout voir
        Moins|Derniers articles|Les plus lus|Voir aussi|Politique|Économie|Technologie|Sciences|Santé|Voyages|Opinions
        Météo|Vidéos|Photos|Archives|Flux RSS|Publicité|Accessibilité|Partenaires|Notre équipe|Emplois|Service client
    """),
    "es": listed("""
        Inicio|Quiénes somos|Productos|Contacto|Iniciar sesión|Registrarse|Carrito|Aviso legal|Empleo|Prensa|Blog|Ayuda
        Privacidad|Condiciones de uso|Boletín|Noticias|Eventos|Galería|Descargas|Soporte|Comunidad|Foro|Mi cuenta
        Lista de deseos|Zapatos de hombre|Chaquetas de mujer|Cocina y hogar|Herramientas de jardín|Deportes y ocio
        Libros|Música|Ofertas especiales|Envíos y devoluciones|Formas de pago|Tarjetas regalo|Tiendas|Síguenos|Compartir
        Imprimir|Mapa del sitio|Buscar|Página siguiente|Página anterior|Volver arriba|Leer más|Ver todo|Ver menos
        Últimos artículos|Lo más leído|Relacionados|Política|Economía|Tecnología|Ciencia|Salud|Viajes|Opinión|El tiempo
        Vídeos|Fotos|Archivo|Canal RSS|Publicidad|Accesibilidad|Socios|Nuestro equipo|Trabaja con nosotros|Atención
    """),
}

GOODS = {
    "en": listed("""cheap watches|designer handbags|diet pills|online casino|payday loans|sneakers|viagra|sunglasses
        crypto coins|poker bonus|weight loss tea|replica bags|cheap flights|sports betting|hair growth oil
        slot machines"""),
    "de": listed("""billige Uhren|Designertaschen|Diätpillen|Online-Casino|Sofortkredite|Turnschuhe|Viagra|Sonnenbrillen
        Kryptowährung|Pokerbonus|Abnehmtee|Markentaschen|Billigflüge|Sportwetten|Haarwuchsmittel|Spielautomaten"""),
    "fr": listed("""montres pas cher|sacs de créateur|pilules minceur|casino en ligne|crédit rapide|baskets|viagra
        lunettes de soleil|cryptomonnaie|bonus poker|thé minceur|sacs de marque|vols pas cher|paris sportifs
        huile capillaire
        machines à sous"""),
    "es": listed("""relojes baratos|bolsos de diseño|pastillas para adelgazar|casino online|préstamos rápidos|zapatillas
        viagra|gafas de sol|criptomonedas|bono de póker|té adelgazante|bolsos de marca|vuelos baratos
        apuestas deportivas
        aceite capilar|máquinas tragaperras"""),
}

# {} stands for goods.
OFFERS = {
    "en": listed("""
        Buy {} online now! | Best price for {} guaranteed! | Order {} today and save 70%! | Click here for {}!!!
        {} with free shipping worldwide. | Limited time offer: {}! | Get your {} with a 100% bonus.
        Win big money today!
        Only 24 hours left! Hurry up! | No prescription needed, discreet delivery. | You are our lucky winner!
        Visit our shop for the best {} deals. | Cheapest {} on the web, satisfaction guaranteed!
        Act now, do not miss out!
        Earn $5000 a week from home! | Free trial, cancel anytime! | Call now and get a second one free!
        We offer the best {} at the lowest prices on the internet. | 100% safe, secure and guaranteed results!
    """),
    "de": listed("""
        {} jetzt online kaufen! | Bester Preis für {} garantiert! | Heute {} bestellen und 70 % sparen!
        Hier klicken: {}!!!
        {} mit kostenlosem Versand weltweit. | Nur für kurze Zeit: {}! | Holen Sie sich {} mit 100 % Bonus.
        Gewinnen Sie noch heute viel Geld! | Nur noch 24 Stunden! Schnell zugreifen! | Ohne Rezept, diskrete Lieferung.
        Sie sind unser Gewinner! | In unserem Shop gibt es die besten Angebote für {}. | {} zum Tiefpreis, Geld zurück!
        Jetzt zugreifen, nicht verpassen! | 5000 € pro Woche von zu Hause verdienen! | Gratis testen, jederzeit kündbar!
        Jetzt anrufen, das zweite gibt es gratis! | Wir bieten {} zu den günstigsten Preisen im Internet.
    """),
    "fr": listed("""
        Achetez {} en ligne maintenant ! | Meilleur prix pour {} garanti ! | Commandez {} et économisez 70 % !
        Cliquez ici : {} !!! | {} avec livraison gratuite. | Offre limitée : {} ! | Profitez de {} avec 100 % de bonus.
        Gagnez beaucoup d'argent aujourd'hui ! | Plus que 24 heures ! Dépêchez-vous !
        Sans ordonnance, livraison discrète.
        Vous êtes notre gagnant ! | Visitez notre boutique : promotions sur {}.
        {} au plus bas prix, satisfait ou remboursé !
        Ne ratez pas cette occasion ! | Gagnez 5000 € par semaine à la maison ! | Essai gratuit sans engagement !
        Appelez vite, le deuxième est offert ! | Nous proposons {} aux prix les plus bas d'internet.
    """),
    "es": listed("""
        ¡Compra {} online ahora! | ¡Mejor precio en {} garantizado! | ¡Pide {} hoy y ahorra un 70 %!
        ¡¡¡Haz clic aquí: {}!!!
        {} con envío gratis. | Oferta limitada: ¡{}! | Consigue {} con un bono del 100 %. | ¡Gana mucho dinero hoy!
        ¡Solo quedan 24 horas! ¡Date prisa! | Sin receta, entrega discreta. | ¡Eres nuestro ganador!
        Visita nuestra tienda: descuentos en {}. | ¡{} al precio más bajo, te devolvemos el dinero! | ¡No te lo pierdas!
        ¡Gana 5000 € a la semana desde casa! | ¡Prueba gratis, cancela cuando quieras!
        ¡Llama ya, el segundo es gratis!
        Ofrecemos {} a los precios más bajos de internet.
    """),
}
