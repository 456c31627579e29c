"""Portuguese as it is written in Brazil, which is what its tag alone means; by *você*."""

from __future__ import annotations

from fanlight.words.language import Language

_PAGES = {
    # the page
    "skip": "Ir para as fotos",
    "skip_door": "Ir para o conteúdo",
    "photos": "{n} foto|{n} fotos",
    "videos": "{n} vídeo|{n} vídeos",
    "all": "Tudo",
    "sections": "Partes da galeria",
    "tools": "Buscar e baixar",
    "gallery": "Fotos",
    "search": "Buscar pelo nome",
    "only_mine": "Só as minhas",
    "download": "Baixar",
    "more": "Mais fotos",
    "earlier": "Voltar ao início",
    "nothing": "Ainda não há nada aqui",
    "nothing_lede": "As fotos aparecem aqui assim que ficarem prontas.",
    "nothing_found": "Nada tem esse nome",
    "nothing_found_lede": "Tente com menos letras, ou veja todas as fotos.",
    "nothing_mine": "Nada escolhido ainda",
    "nothing_mine_lede": "Toque no coração de uma foto, e ela vem para cá.",
    "show_all": "Mostrar todas as fotos",
    "loading": "Carregando mais",
    "away": (
        "Sem conexão no momento. O que você vê continua aqui; uma nova tentativa será feita "
        "sozinha."
    ),
    "try_now": "Tentar agora",
    "photo_of": "Foto {n}, {name}",
    "video_of": "Vídeo {n}, {name}",
    "about_you": "O que fica guardado sobre você",
    "preview": "Você vê esta galeria como seus clientes.",
    "preview_draft": "Ninguém mais pode abri-la ainda.",
    # one photo
    "photo": "Foto",
    "close": "Fechar",
    "previous": "Anterior",
    "next": "Próxima",
    "zoom": "Ampliar",
    "info": "Sobre esta foto",
    "taken": "Tirada",
    "camera": "Câmera",
    "name": "Nome",
    "size": "Tamanho",
    "slideshow": "Apresentação",
    "pause": "Pausar",
    "paper": "Fundo claro",
    "night": "Fundo escuro",
    "play": "Reproduzir vídeo",
    "of": "{n} de {of}",
    "unseen": "Esta foto não pode ser mostrada no momento.",
    "all_photos": "Todas as fotos",
    "copied": "Copiado",
    # picks
    "pick": "Escolher {name}",
    "pick_this": "Escolher",
    "picked_this": "Escolhida",
    "picked": "{n} escolhida|{n} escolhidas",
    "picked_of": "{n} escolhida de {of}|{n} escolhidas de {of}",
    "picks": "Sua seleção",
    "my_picks": "Minha seleção",
    "said_picked": "{name} escolhida",
    "said_unpicked": "{name} não está mais escolhida",
    "lists": "Listas",
    "new_list": "Nova lista",
    "make": "Criar",
    "note": "Observação",
    "note_hint": "Para o fotógrafo, junto com a sua seleção.",
    "stars": "{n} estrela|{n} estrelas",
    "rating": "Estrelas",
    "flag": "Cor",
    "flag_red": "Vermelho",
    "flag_yellow": "Amarelo",
    "flag_green": "Verde",
    "flag_blue": "Azul",
    "flag_purple": "Roxo",
    "send": "Enviar",
    "send_to": "Enviar para {studio}",
    "send_picks": "Enviar sua seleção",
    "send_lede": (
        "{n} foto. Depois de enviada, a lista fica bloqueada.|"
        "{n} fotos. Depois de enviadas, a lista fica bloqueada."
    ),
    "your_name": "Seu nome",
    "your_email": "Seu e-mail",
    "optional": "opcional",
    "message": "Algumas palavras",
    "sent": "Enviada",
    "sent_lede": (
        "Sua seleção está a caminho. A lista agora está bloqueada; peça, se quiser mudá-la."
    ),
    "locked": "Esta lista foi enviada e está bloqueada.",
    "limit": "Você pode escolher {of}. Tire uma primeiro, e esta caberá.",
    "limit_section": "Você pode escolher {of} de cada parte. Tire uma primeiro, e esta caberá.",
    "least": "Escolha mais {n} e envie.|Escolha mais {n} e envie.",
    "waiting": "Ainda não foi salvo: sem conexão. Será enviado assim que ela voltar.",
    "merged": (
        "Esta lista também foi alterada em outro aparelho. As duas alterações estão aqui agora."
    ),
    "elsewhere": "Continuar em outro lugar",
    "elsewhere_lede": "Este link leva à sua seleção em qualquer aparelho. Guarde-o só para você.",
    "copy": "Copiar",
    "hide": "Ocultar dos convidados",
    "show": "Mostrar aos convidados",
    "hidden": "Oculta dos convidados",
    # comments
    "comments": "Comentários",
    "no_comments": "Ninguém disse nada ainda.",
    "say": "Diga algo sobre ela",
    "say_it": "Comentar",
    "reply": "Responder",
    "take_back": "Excluir",
    "guest": "Um convidado",
    # downloads
    "what": "O quê",
    "this_photo": "Esta foto",
    "this_section": "Esta parte: {name}",
    "everything": "Tudo",
    "original": "Original",
    "original_hint": "Como saiu da câmera",
    "web_2048": "Grande",
    "web_2048_hint": "2048 pixels, para telas e impressões pequenas",
    "web_1024": "Pequena",
    "web_1024_hint": "1024 pixels, para encaminhar",
    "pin": "PIN",
    "pin_hint": "Ele veio com o seu link.",
    "counting": "Contando",
    "plan": "{n} foto, {size}|{n} fotos, {size}",
    "one_zip": "Em um só ZIP.",
    "mobile": "Talvez você esteja usando dados móveis.",
    "busy": "Outros estão baixando agora. O seu começa sozinho em cerca de {n} s.",
    "making": "{n} de {all} já foram reduzidas.",
    "wait_title": "Um momento, por favor",
    "start": "Baixar",
    "save_phone": "Salvar neste aparelho",
    "failed": "Não deu certo.",
    "started": "O download começou.",
    # full pages
    "password_title": "A senha, por favor",
    "password": "Senha",
    "password_lede": "Você a recebeu com o convite.",
    "password_wrong": "Não é essa. Maiúsculas e espaços contam.",
    "password_wait": (
        "Tentativas demais. Espere {n} segundo e tente de novo.|"
        "Tentativas demais. Espere {n} segundos e tente de novo."
    ),
    "enter_title": "Um convite para você",
    "enter_lede": (
        "Este link é para um certo número de visitantes. Ao abri-lo, você é contado uma única vez."
    ),
    "pin_title": "O PIN para baixar",
    "pin_wrong": "Não é esse. Tente mais uma vez.",
    "come_in": "Entrar",
    "remembered": "Este navegador a guarda, só para esta galeria.",
    "not_yet": "Ainda não está aberta",
    "not_yet_lede": "Estas fotos podem ser vistas a partir de {when}.",
    "not_yet_soon": "Volte um pouco mais tarde.",
    "closed": "Esta galeria está fechada",
    "closed_lede": "Ela ficou aberta por um tempo, que já passou. Fale com quem lhe enviou o link.",
    "contact": "Entrar em contato",
    "lost": "Não há nada aqui",
    "lost_lede": (
        "O link pode estar incompleto ou ter sido retirado. Fale com quem o enviou a você."
    ),
    "me": "O que fica guardado sobre você",
    "me_lede": "Só o necessário para a sua seleção. Nada vai para mais ninguém.",
    "me_nothing": "Nada fica guardado sobre você. Se escolher ou comentar, aparece aqui.",
    "me_remembered": "Um cookie neste navegador, para não pedir a senha outra vez.",
    "me_did": "Anotado das suas visitas",
    "me_times": "{n} vez|{n} vezes",
    "me_since": "Aqui desde",
    "me_delete": "Excluir tudo",
    "me_delete_lede": ("Sua seleção, observações e comentários somem e não podem ser recuperados."),
    "forget": "Esquecer a senha aqui",
    "forgotten": "Este navegador esqueceu você.",
    "back": "Voltar às fotos",
    "mails_title": "Sem mais e-mails",
    "mails_lede": "Devemos esquecer {email} aqui? Sua seleção e seus comentários ficam.",
    "mails_stop": "Esquecer meu endereço",
    "mails_stopped": "Seu endereço foi esquecido. Nenhum e-mail virá mais daqui.",
    "galleries": "Galerias",
    "galleries_none": "Não há nada aberto a todos aqui.",
}
_MAILS = {
    # an invitation, as its template comes
    "invite_subject": "Suas fotos: {gallery}",
    "invite_text": """\
Olá, {client}!

Suas fotos estão prontas: {gallery}.

{link}

A senha é: {password}
O PIN para baixar é: {pin}
Você pode vê-las até {closes}.

Não é preciso mais nada, nem conta nem aplicativo. Toque no coração das fotos de que gostar e \
envie sua seleção pela página.

{studio}""",
    # links
    "open": "Abrir a galeria",
    "open_photo": "Ver a foto",
    "by_your_link": "Abra a galeria pelo link que você recebeu.",
    # to those who left their address
    "receipt_subject": "Sua seleção chegou: {gallery}",
    "receipt": (
        "Sua seleção de {n} foto de “{gallery}” chegou.|"
        "Sua seleção de {n} fotos de “{gallery}” chegou."
    ),
    "receipt_more": "A lista agora está bloqueada. Se quiser mudá-la, responda a este e-mail.",
    "answer_subject": "{who} respondeu a você: {gallery}",
    "answer": "{who} respondeu ao que você disse sobre {photo} em “{gallery}”:",
    "closing_subject": "Só até {closes}: {gallery}",
    "closing": (
        "“{gallery}” pode ser vista até {closes}. Veja mais uma vez até lá e leve o que quiser "
        "guardar."
    ),
    "foot": "Você recebe isto porque este endereço foi deixado na galeria.",
    "no_more": "Sem mais e-mails, esquecer meu endereço",
}
_ARCHIVES = {
    "report": "sobre este download.txt",
    "all_read": "O único item pôde ser lido.|Todos os {n} itens puderam ser lidos.",
    "not_read": "{n} de {all} não pôde ser lido.|{n} de {all} não puderam ser lidos.",
    "zeros": "No lugar deles há itens que só contêm zeros:",
    "left_out": "Estes não estão neste arquivo:",
    "try_again": "Talvez voltem a estar se você os baixar de novo.",
    "no_room": "e mais: {n} linhas não couberam aqui.",
}
_REFUSALS = {
    "internal": ("Algo deu errado", "Tente de novo daqui a pouco."),
    "invalid": ("Isto não pôde ser entendido", "Corrija e envie de novo."),
    "invalid.comment": ("O comentário está longo demais ou vazio", "Mude-o e tente de novo."),
    "invalid.email": ("Isto não é um endereço de e-mail", "Corrija-o ou deixe-o em branco."),
    "invalid.message": ("A mensagem está longa demais", "Encurte-a um pouco."),
    "invalid.name": ("Esse nome não pode ser usado", "Escolha outro, de até 100 letras."),
    "invalid.pick": ("A observação está longa demais", "Encurte-a um pouco."),
    "not-found": ("Não há nada aqui", "O link pode estar incompleto ou ter sido retirado."),
    "not-found.item": ("Esta foto não está mais na galeria", "Veja as outras fotos."),
    "not-found.archive-contents": ("Não há nada para baixar aqui", "Escolha outra coisa."),
    "conflict": ("Isso não é possível agora", "Recarregue a página e tente de novo."),
    "conflict.limit": (
        "O número de fotos escolhidas não é o pedido",
        "Escolha mais algumas ou tire algumas e envie.",
    ),
    "conflict.lists": ("Você já tem muitas listas", "Exclua uma de que não precisa."),
    "conflict.submitted": (
        "Esta lista já foi enviada e está bloqueada",
        "Peça para reabri-la ou comece outra lista.",
    ),
    "conflict.version": (
        "Esta lista mudou em outro aparelho",
        "Veja-a mais uma vez e envie.",
    ),
    "unauthenticated": ("A página não reconhece mais você", "Recarregue a página."),
    "unauthenticated.pin": ("Esse não é o PIN", "Confira e tente de novo."),
    "forbidden": ("Este link não permite isso", "Fale com quem o enviou a você."),
    "forbidden.csrf": (
        "Isto foi enviado por outro site",
        "Abra a própria galeria e tente de novo.",
    ),
    "forbidden.used-up": (
        "Todos os downloads permitidos já foram feitos",
        "Fale com quem lhe enviou o link.",
    ),
    "expired": ("Este link não vale mais", "Peça um novo a quem o enviou a você."),
    "expired.used-up": (
        "Este link já foi usado tantas vezes quanto podia",
        "Peça um novo a quem o enviou a você.",
    ),
    "throttled": (
        "Foi muito de uma só vez",
        "Espere {n} segundo e tente de novo.|Espere {n} segundos e tente de novo.",
    ),
    "overloaded": (
        "Há muito a fazer no momento",
        "Continua sozinho em {n} segundo.|Continua sozinho em cerca de {n} segundos.",
    ),
    "storage": (
        "Isto não está acessível no momento",
        "O que você vê continua aqui. Tente de novo mais tarde.",
    ),
}


PORTUGUESE = Language(
    tag="pt",
    name="Português",
    months=(
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ),
    day="{day} de {month} de {year}",
    first="1º",
    thousands=".",
    singular=(0, 1),
    pages=_PAGES,
    mails=_MAILS,
    archives=_ARCHIVES,
    refusals=_REFUSALS,
)
